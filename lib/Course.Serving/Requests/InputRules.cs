using System.Numerics;

namespace Course.Serving;

/// <summary>What one input of a model must look like, and what follows from that for the size of a request.</summary>
internal sealed class InputRules
{
    /// <summary>No number needs more characters: a double with sign and exponent has 24.</summary>
    internal const int LongestNumber = 64;

    // A number, its comma and a little white space.
    private const int BytesPerNumber = 26;
    private const int BytesAround = 1024;

    private readonly float _least, _most;

    public InputRules(Preprocessing preprocessing, int mostInputs)
    {
        Size = preprocessing.Count();
        (Minimum, Maximum) = (preprocessing.Minimum, preprocessing.Maximum);
        // Rounded like the numbers that are compared with them, so that a client may send the bound itself.
        (_least, _most) = ((float)Minimum, (float)Maximum);
        Shape = string.Join('×', preprocessing.InputShape);
        MostInputs = mostInputs;
        OneBody = checked(BytesAround + (long)Size * BytesPerNumber);
        BatchBody = checked(BytesAround + mostInputs * ((long)Size * BytesPerNumber + 8));
    }

    /// <summary>Numbers of one input.</summary>
    public int Size { get; }

    public double Minimum { get; }

    public double Maximum { get; }

    /// <summary>For example 1×28×28.</summary>
    public string Shape { get; }

    public int MostInputs { get; }

    /// <summary>The longest body that one input can need, in bytes.</summary>
    public long OneBody { get; }

    /// <summary>The longest body that <see cref="MostInputs"/> inputs can need, in bytes.</summary>
    public long BatchBody { get; }

    /// <summary>Index of the first value that is not between <see cref="Minimum"/> and <see cref="Maximum"/>; -1 when all are.</summary>
    public int FirstOutside(ReadOnlySpan<float> values)
    {
        var (least, most) = (new Vector<float>(_least), new Vector<float>(_most));
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var some = new Vector<float>(values[i..]);
            if (!Vector.GreaterThanOrEqualAll(some, least) || !Vector.LessThanOrEqualAll(some, most))
                break;
        }
        for (; i < values.Length; i++)
        {
            if (!(values[i] >= _least && values[i] <= _most))
                return i;
        }
        return -1;
    }
}
