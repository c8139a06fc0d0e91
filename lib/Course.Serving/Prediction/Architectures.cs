using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Serving;

/// <summary>The networks that artefacts may name: a file says which one its weights belong to, and never brings code of its own.</summary>
public static class Architectures
{
    /// <summary>The small network of chapter 04: two convolutions and two linear layers.</summary>
    public const string Reference = "reference-cnn";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [DigitNetwork.Architecture, Reference];

    /// <summary>A new network with random weights.</summary>
    /// <exception cref="ModelRefusedException">There is no such architecture.</exception>
    public static Module<Tensor, Tensor> Create(string architecture) => architecture switch
    {
        DigitNetwork.Architecture => new DigitNetwork(),
        Reference => Sequential(
            ("conv1", Conv2d(1, 10, 5)), ("pool1", MaxPool2d(2)), ("relu1", ReLU()),
            ("conv2", Conv2d(10, 20, 5)), ("pool2", MaxPool2d(2)), ("relu2", ReLU()),
            ("flatten", Flatten()), ("fc1", Linear(320, 50)), ("relu3", ReLU()), ("fc2", Linear(50, 10))),
        _ => throw new ModelRefusedException($"There is no architecture '{architecture}' here; there are {string.Join(" and ", Names)}."),
    };
}
