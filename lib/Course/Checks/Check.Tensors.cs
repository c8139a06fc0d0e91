using static TorchSharp.torch;

namespace Course;

public static partial class Check
{
    /// <summary>Every element is close: max |actualᵢ − expectedᵢ| ≤ tolerance, and the shapes are equal.</summary>
    /// <exception cref="CheckFailedException">The shapes differ, or one element is too far off; the worst one is shown.</exception>
    public static void Close(Tensor actual, Tensor expected, double tolerance, string claim)
    {
        if (!actual.shape.AsSpan().SequenceEqual(expected.shape))
            Report(new($"{claim}: the shapes agree", false, Shape(actual), Shape(expected)));
        else
            Close(actual.Doubles(), expected.Doubles(), tolerance, claim);
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
