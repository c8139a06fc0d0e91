using System.Globalization;
using System.Text.RegularExpressions;

namespace Course.Serving.Tests;

/// <summary>Prometheus' text, read.</summary>
internal sealed partial class MetricsText
{
    private readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _series = [];

    /// <exception cref="FormatException">A line is neither a comment nor a series.</exception>
    public MetricsText(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var match = Series().Match(line);
            if (!match.Success)
                throw new FormatException(line);
            var labels = Label().Matches(match.Groups[2].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value);
            _series.Add((match.Groups[1].Value, labels, double.Parse(match.Groups[3].Value.Replace("+Inf", "Infinity"), CultureInfo.InvariantCulture)));
        }
    }

    public IEnumerable<string> Names => _series.Select(series => series.Name).Distinct();

    public IEnumerable<string> LabelsOf(string name) => _series.Where(series => series.Name == name).SelectMany(series => series.Labels.Keys).Distinct();

    public double Sum(string name, params (string Label, string Value)[] having) =>
        _series.Where(series => series.Name == name && having.All(one => series.Labels.GetValueOrDefault(one.Label) == one.Value)).Sum(series => series.Value);

    public bool Each(Func<string, Dictionary<string, string>, bool> holds) => _series.All(series => holds(series.Name, series.Labels));

    [GeneratedRegex(@"^([A-Za-z_:]\w*)(?:\{(.*)\})? ([0-9.eE+-]+|\+Inf)$")]
    private static partial Regex Series();

    [GeneratedRegex("""(\w+)="((?:[^"\\]|\\.)*)",?""")]
    private static partial Regex Label();
}
