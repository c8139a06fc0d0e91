using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course;

/// <summary>
/// The network of chapter 04b: four stages of convolution, batch normalisation and rectifier, two of them with pooling, then one linear
/// layer. The maximum is taken before the normalisation, when there are still only numbers to compare. 28 → 24 → 12 → 10 → 8 → 4 → 2
/// pixels; 1 → 16 → 32 → 48 → 96 channels. Inputs are normalised images [n, 1, 28, 28], outputs logits [n, 10].
/// </summary>
public sealed class DigitNetwork : Module<Tensor, Tensor>
{
    /// <summary>What an artefact with these weights names as its architecture.</summary>
    public const string Architecture = "digit-cnn-16-32-48-96";

    private readonly Module<Tensor, Tensor> conv1, after1, stage2, conv3, after3, stage4, linear;

    /// <param name="channels">Of the four stages; other numbers make another architecture, for example a small pupil.</param>
    public DigitNetwork(params long[] channels) : base("digits")
    {
        var (a, b, c, d) = channels switch
        {
            [] => (16, 32, 48, 96),
            [var first, var second, var third, var fourth] => (first, second, third, fourth),
            _ => throw new ArgumentException($"The network has four stages, but {channels.Length} numbers of channels were given.", nameof(channels)),
        };
        conv1 = Conv2d(1, a, 5, bias: false);
        after1 = Sequential(MaxPool2d(2), BatchNorm2d(a), ReLU());
        stage2 = Sequential(Conv2d(a, b, 3, bias: false), BatchNorm2d(b), ReLU());
        conv3 = Conv2d(b, c, 3, bias: false);
        after3 = Sequential(MaxPool2d(2), BatchNorm2d(c), ReLU());
        stage4 = Sequential(Conv2d(c, d, 3, bias: false), BatchNorm2d(d), ReLU());
        linear = Sequential(Flatten(), Linear(4 * d, 10));
        RegisterComponents();
    }

    /// <summary>The first convolution's maps [n, 16, 24, 24].</summary>
    public Tensor First(Tensor x) => conv1.call(x);

    /// <summary>The third convolution's maps [n, 48, 8, 8], before pooling; each place sees 14 × 14 pixels.</summary>
    public Tensor Features(Tensor x) => conv3.call(stage2.call(after1.call(First(x))));

    /// <summary>From the third convolution's maps to logits.</summary>
    public Tensor Head(Tensor maps) => linear.call(stage4.call(after3.call(maps)));

    public override Tensor forward(Tensor input) => Head(Features(input));
}
