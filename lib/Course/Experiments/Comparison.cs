namespace Course;

/// <summary>A mean with its 95 % confidence interval.</summary>
public sealed record Interval(double Mean, double Low, double High)
{
    /// <summary>Of the mean of independent values, by Student's t with n − 1 degrees of freedom.</summary>
    /// <exception cref="ArgumentException">Fewer than two values.</exception>
    public static Interval Of(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
            throw new ArgumentException($"An interval needs at least two values, but was given {values.Count}.", nameof(values));
        double mean = values.Average();
        double half = StudentT.Quantile(0.95, values.Count - 1) * StandardError(values, mean);
        return new(mean, mean - half, mean + half);
    }

    internal static double StandardError(IReadOnlyList<double> values, double mean) =>
        Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);

    public override string ToString() => $"{Numbers.Text(Mean)} [{Numbers.Text(Low)}, {Numbers.Text(High)}]";
}

/// <summary>One plan against another, seed by seed.</summary>
/// <param name="Gain">How much better the plan is, in the measure's unit: positive is better, also where lower is better.</param>
/// <param name="P">Two-sided p value of the paired t-test.</param>
public sealed record PairedDifference(string Plan, string Reference, Interval Gain, double P)
{
    /// <summary>The difference could be luck: p ≥ 0.05.</summary>
    public bool WithinNoise => P >= 0.05;

    /// <summary>Better, and not by luck.</summary>
    public bool IsBetter => !WithinNoise && Gain.Mean > 0;

    public override string ToString() => WithinNoise
        ? $"{Plan} against {Reference}: {Gain}, within noise (p = {Numbers.Text(Math.Round(P, 4))})"
        : $"{Plan} is {(Gain.Mean > 0 ? "better" : "worse")} than {Reference} by {Numbers.Text(Math.Abs(Gain.Mean))}: {Gain} (p = {Numbers.Text(P)})";
}

/// <summary>What came out of <see cref="Compare.Plans"/>: shows itself as a table and says what is within noise.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Html, Mime.Text])]
public sealed class Comparison : IDisplayable
{
    private readonly Plan[] _plans;
    private readonly double[][] _runs;
    private readonly string _measure;
    private readonly bool _higherIsBetter;

    internal Comparison(Plan[] plans, int[] seeds, double[][] runs, string measure, bool higherIsBetter)
    {
        (_plans, Seeds, _runs, _measure, _higherIsBetter) = (plans, seeds, runs, measure, higherIsBetter);
        Names = [.. plans.Select(plan => plan.Name)];
    }

    public IReadOnlyList<int> Seeds { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The values of one plan, in the order of the seeds.</summary>
    public double[] Runs(string plan) => [.. _runs[Index(plan)]];

    /// <summary>Mean and 95 % interval of one plan.</summary>
    public Interval Of(string plan) => Interval.Of(_runs[Index(plan)]);

    /// <summary>
    /// The first plan against the second (the reference), by the paired t-test over the seeds. Several differences asked of one
    /// comparison are several chances to be lucky; <see cref="Differences"/> corrects for that.
    /// </summary>
    public PairedDifference Difference(string plan, string reference)
    {
        double sign = _higherIsBetter ? 1 : -1;
        double[] gains = [.. _runs[Index(plan)].Zip(_runs[Index(reference)], (a, b) => sign * (a - b))];
        var gain = Interval.Of(gains);
        double error = Interval.StandardError(gains, gain.Mean);
        double t = error > 0 ? gain.Mean / error : gain.Mean == 0 ? 0 : double.PositiveInfinity;
        return new(plan, reference, gain, StudentT.TwoSided(t, gains.Length - 1));
    }

    /// <summary>Every other plan against the first; p values corrected for their number (Holm 1979).</summary>
    public IReadOnlyList<PairedDifference> Differences()
    {
        var raw = Names.Skip(1).Select(name => Difference(name, Names[0])).OrderBy(d => d.P).ToArray();
        double largest = 0;
        for (int i = 0; i < raw.Length; i++)
            raw[i] = raw[i] with { P = largest = Math.Max(largest, Math.Min(1, raw[i].P * (raw.Length - i))) };
        return [.. Names.Skip(1).Select(name => raw.First(d => d.Plan == name))];
    }

    /// <summary>One line for each plan: tuning budget, mean, interval, difference from the first plan, p, verdict.</summary>
    public Table ToTable(string title = "") => Table.Of(
        ["plan", "settings tried", .. Tuned ? new[] { "chosen" } : [], $"mean {_measure}", "95 % interval", $"gain over {Names[0]}", "p", "verdict"],
        _plans.Select((plan, i) => Row(plan, i == 0 ? null : Differences()[i - 1])),
        title == "" ? $"{_measure} over {Seeds.Count} seeds" : title);

    /// <summary>The single runs as points, each plan's mean with a whisker for its 95 % interval.</summary>
    /// <param name="title">The finding.</param>
    /// <param name="alt">The picture in words.</param>
    public Chart ToFigure(string title, string alt)
    {
        var chart = new Chart(title, "plan", _measure, alt) { Categories = [.. Names] };
        double[] Spread(int i) => [.. Seeds.Select((_, k) => i + 0.24 * (k - (Seeds.Count - 1) / 2.0) / Math.Max(1, Seeds.Count - 1) - 0.2)];
        chart.Add(new PointLayer(new("single runs", [.. Names.SelectMany((_, i) => Spread(i))], [.. _runs.SelectMany(r => r)]), 3.2) { Label = "single runs", Style = 0 });
        chart.Add(new WhiskerLayer([.. Names.Select((_, i) => i + 0.12)], [.. Names.Select(Of)]) { Label = "mean and 95 % interval" });
        return chart;
    }

    public IEnumerable<Representation> Representations() => [.. ToTable().Representations().Take(1), new(Mime.Text, ToString())];

    public override string ToString() => string.Join('\n', [ToTable().ToString(), .. Differences().Select(d => d.ToString())]);

    private bool Tuned => _plans.Any(plan => plan.Setting != "");

    private object?[] Row(Plan plan, PairedDifference? difference)
    {
        var interval = Of(plan.Name);
        string verdict = difference is null ? "reference" : difference.WithinNoise ? "within noise" : difference.Gain.Mean > 0 ? "better" : "worse";
        return [plan.Name, plan.Tried, .. Tuned ? new object[] { plan.Setting } : [], interval.Mean, $"{Numbers.Text(interval.Low)} to {Numbers.Text(interval.High)}",
            difference?.Gain.ToString() ?? "", difference is null ? "" : Numbers.Text(Math.Round(difference.P, 4)), verdict];
    }

    private int Index(string plan)
    {
        int index = Array.FindIndex(_plans, p => p.Name == plan);
        return index >= 0 ? index : throw new ArgumentException($"There is no plan '{plan}' in this comparison, only: {string.Join(", ", Names)}.", nameof(plan));
    }
}
