namespace Course.Serving;

/// <summary>What one input of a model must look like, and what follows from that for the size of a request.</summary>
internal sealed class InputRules
{
    /// <summary>No number needs more characters: a double with sign and exponent has 24.</summary>
    internal const int LongestNumber = 64;

    // A number, its comma and a little white space.
    private const int BytesPerNumber = 26;
    private const int BytesAround = 1024;

    public InputRules(Preprocessing preprocessing, int mostInputs)
    {
        Size = preprocessing.Count();
        (Minimum, Maximum) = (preprocessing.Minimum, preprocessing.Maximum);
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
}
