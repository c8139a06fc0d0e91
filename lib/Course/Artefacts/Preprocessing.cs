using static TorchSharp.torch;

namespace Course;

/// <summary>
/// What happens to a raw input before the network sees it: x ← (x·<see cref="Scale"/> − <see cref="Mean"/>) / <see cref="Std"/>.
/// It travels with the weights, because a model fed with differently prepared numbers is wrong without any error.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Shape of one input, without the batch dimension, for example [1, 28, 28].</summary>
    public required IReadOnlyList<long> InputShape { get; init; }

    /// <summary>Smallest raw value that is accepted.</summary>
    public double Minimum { get; init; } = 0;

    /// <summary>Largest raw value that is accepted.</summary>
    public double Maximum { get; init; } = 255;

    public double Scale { get; init; } = 1 / 255.0;

    public double Mean { get; init; }

    public double Std { get; init; } = 1;

    /// <summary>Grey images of 28×28 pixels from 0 to 255, standardised with MNIST's mean and standard deviation.</summary>
    public static Preprocessing Mnist { get; } = new() { InputShape = [1, 28, 28], Mean = 0.1307, Std = 0.3081 };

    /// <summary>How many numbers one input has.</summary>
    public int Count() => checked((int)InputShape.Aggregate(1L, (product, size) => checked(product * size)));

    /// <summary>The prepared value of one raw number.</summary>
    public float Apply(float raw) => (float)((raw * Scale - Mean) / Std);

    /// <summary>The prepared values of raw ones, of the same shape.</summary>
    public Tensor Apply(Tensor raw)
    {
        using var scope = NewDisposeScope();
        return ((raw * Scale - Mean) / Std).MoveToOuterDisposeScope();
    }

    internal void Validate()
    {
        if (InputShape is null || InputShape.Count == 0 || InputShape.Any(size => size <= 0))
            throw new ArgumentException("The input shape needs at least one dimension, all of them positive.");
        if (!(Std > 0) || !double.IsFinite(Std) || !double.IsFinite(Mean) || !double.IsFinite(Scale))
            throw new ArgumentException($"Scale, mean and std must be finite and std positive (scale {Scale}, mean {Mean}, std {Std}).");
        if (!(Minimum < Maximum))
            throw new ArgumentException($"The accepted range is empty: minimum {Minimum}, maximum {Maximum}.");
        _ = Count();
    }
}
