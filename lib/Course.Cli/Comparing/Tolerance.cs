using System.Globalization;
using System.Text.RegularExpressions;

namespace Course.Cli.Comparing;

/// <summary>Texts are equal when their words are and their numbers differ by no more than a relative tolerance.</summary>
internal sealed partial class Tolerance(double relative)
{
    public double Relative { get; } = relative;

    public bool Equal(double a, double b) =>
        a == b || double.IsNaN(a) && double.IsNaN(b) || Math.Abs(b - a) <= Relative * Math.Max(Math.Abs(a), Math.Abs(b));

    public bool Equal(string a, string b)
    {
        if (a == b)
            return true;
        if (Number().Replace(a, "#") != Number().Replace(b, "#"))
            return false;
        return Numbers(a).Zip(Numbers(b)).All(pair => Equal(pair.First, pair.Second));
    }

    private static IEnumerable<double> Numbers(string text) =>
        Number().Matches(text).Select(m => double.Parse(m.Value.Replace(",", "", StringComparison.Ordinal).Replace('−', '-'), CultureInfo.InvariantCulture));

    /// <summary>Digits within a word, such as those of an id, belong to the word.</summary>
    [GeneratedRegex(@"(?<![\w.])[-+−]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][-+]?\d+)?(?![\w])")]
    private static partial Regex Number();
}
