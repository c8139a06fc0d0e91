using static TorchSharp.torch;

namespace Course;

/// <summary>
/// Turns applications into rows of numbers: what is counted is measured in deviations from the mean, and every code becomes a column
/// that is 1 where it applies (one-hot). Mean, deviation and codes come from the rows that it was fitted on, and only from those.
/// </summary>
public sealed class CreditEncoder
{
    private readonly (string Name, double Mean, double Deviation)[] _numbers;
    private readonly (string Name, string Code)[] _codes;

    private CreditEncoder((string, double, double)[] numbers, (string, string)[] codes) => (_numbers, _codes) = (numbers, codes);

    /// <summary>What each column says, in words: first the numbers, then the codes.</summary>
    public IReadOnlyList<string> Columns => [.. _numbers.Select(n => n.Name.ToLowerInvariant().Replace('_', ' ')), .. _codes.Select(c => CreditCodes.Meaning(c.Code))];

    /// <summary>The attribute of each column: several columns are codes of one.</summary>
    public IReadOnlyList<string> Attributes => [.. _numbers.Select(n => n.Name), .. _codes.Select(c => c.Name)];

    /// <param name="applications">Training rows.</param>
    /// <param name="without">Attributes that the model must not see, for example <c>AGE</c>.</param>
    /// <exception cref="ArgumentException">No application, or an attribute that the table does not have.</exception>
    public static CreditEncoder Fit(IReadOnlyList<CreditApplication> applications, params string[] without)
    {
        if (applications.Count == 0)
            throw new ArgumentException("There is no application to fit to.", nameof(applications));
        string[] names = [.. applications[0].Attributes.Keys];
        if (without.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new ArgumentException($"The table has no attribute '{unknown}', only: {string.Join(", ", names)}.", nameof(without));
        string[] kept = [.. names.Except(without)];
        bool Coded(string name) => CreditCodes.Knows(applications[0].Attributes[name]);
        return new(
            [.. kept.Where(name => !Coded(name)).Select(name => Scale(name, [.. applications.Select(a => a.Number(name))]))],
            [.. kept.Where(Coded).SelectMany(name => applications.Select(a => a.Attributes[name]).Distinct()
                .OrderBy(code => int.Parse(code[1..], System.Globalization.CultureInfo.InvariantCulture)).Select(code => (name, code)))]);
    }

    /// <summary>One row of numbers; a code that no training row had is 0 in every column.</summary>
    public float[] Row(CreditApplication application) =>
    [
        .. _numbers.Select(n => (float)((application.Number(n.Name) - n.Mean) / n.Deviation)),
        .. _codes.Select(c => application.Attributes[c.Name] == c.Code ? 1f : 0f),
    ];

    /// <summary>Rows as a tensor [applications, columns].</summary>
    public Tensor Encode(IReadOnlyList<CreditApplication> applications) =>
        tensor(applications.SelectMany(Row).ToArray(), [applications.Count, _numbers.Length + _codes.Length]);

    private static (string, double, double) Scale(string name, double[] values)
    {
        double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return (name, mean, deviation > 0 ? deviation : 1);
    }
}
