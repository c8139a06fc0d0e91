namespace Course;

/// <summary>One quality that a model must show: what is measured, in which unit, and which value counts as met.</summary>
/// <param name="Quality">For example <c>accurate</c>.</param>
/// <param name="Measure">What is measured, in words.</param>
/// <param name="Unit">For example <c>fraction</c> or <c>ms</c>.</param>
/// <param name="Threshold">The worst value that is still good enough.</param>
/// <param name="AtLeast">True when larger is better.</param>
public sealed record Requirement(string Quality, string Measure, string Unit, double Threshold, bool AtLeast)
{
    public bool IsMetBy(double value) => AtLeast ? value >= Threshold : value <= Threshold;

    internal string Text => $"{(AtLeast ? "≥" : "≤")} {With(Threshold)}";

    /// <summary>A value with its unit; fractions speak for themselves.</summary>
    internal string With(double value) => Unit == "fraction" ? Numbers.Text(value) : $"{Numbers.Text(value)} {Unit}";
}

/// <summary>
/// The model card of the course (after Mitchell et al. 2019): requirements first, numbers later. A model has landed when every
/// requirement has a measured number that meets it.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Html, Mime.Text])]
public sealed class Scorecard : IDisplayable
{
    private readonly Requirement[] _requirements;
    private readonly Dictionary<string, (double Value, string Source)> _numbers = [];

    public Scorecard(string model, params Requirement[] requirements)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        if (requirements.Length == 0)
            throw new ArgumentException("A scorecard without requirements cannot fail: name at least one.", nameof(requirements));
        if (requirements.GroupBy(r => r.Quality).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The quality '{twice.Key}' is required twice.", nameof(requirements));
        Model = model;
        _requirements = requirements;
    }

    /// <summary>The six qualities of the course's thesis, for the digit classifier of chapter 04.</summary>
    public static Scorecard Landing(string model) => new(model,
        new("accurate", "accuracy on the test images", "fraction", 0.985, true),
        new("generalises", "training minus test accuracy", "fraction", 0.015, false),
        new("robust", "accuracy on images shifted by 2 pixels, in the worst of 8 directions", "fraction", 0.97, true),
        new("explainable", "accuracy lost by hiding the pixels that the explanation names, beyond what random, central, bright ones or a stranger's explanation cost", "fraction", 0.05, true),
        new("fast enough", "latency of one prediction through the service, 99th percentile", "ms", 50, false),
        new("safe to operate", "share of the tried attacks that were refused", "fraction", 1, true));

    public string Model { get; }

    public IReadOnlyList<Requirement> Requirements => _requirements;

    /// <summary>How many requirements have a number.</summary>
    public int Measured => _numbers.Count;

    /// <summary>How many requirements are met; one without a number is not.</summary>
    public int Met => _requirements.Count(r => IsMet(r.Quality) == true);

    /// <summary>Every requirement is measured and met.</summary>
    public bool HasLanded => Met == _requirements.Length;

    /// <summary>The measured number, or null.</summary>
    public double? this[string quality] => _numbers.TryGetValue(Find(quality).Quality, out var number) ? number.Value : null;

    /// <summary>Null while nothing is measured.</summary>
    public bool? IsMet(string quality) => this[quality] is { } value ? Find(quality).IsMetBy(value) : null;

    /// <summary>Enters a measured number; a later one replaces an earlier one.</summary>
    /// <param name="quality">One of the requirements.</param>
    /// <param name="value">A finite number in the requirement's unit.</param>
    /// <param name="source">Where it was measured, for example <c>row 4.3</c>.</param>
    /// <exception cref="ArgumentException">Unknown quality, or a value that is NaN or infinite.</exception>
    public Scorecard Enter(string quality, double value, string source)
    {
        var requirement = Find(quality);
        if (!double.IsFinite(value))
            throw new ArgumentException($"'{quality}' cannot be {Numbers.Text(value)}: a scorecard holds measured numbers only.", nameof(value));
        _numbers[requirement.Quality] = (value, source);
        return this;
    }

    private Requirement Find(string quality) => _requirements.FirstOrDefault(r => r.Quality == quality)
        ?? throw new ArgumentException($"The scorecard has no quality '{quality}'; it has: {string.Join(", ", _requirements.Select(r => r.Quality))}.", nameof(quality));

    private Table Card => Table.Of(_requirements.Select(r => new
    {
        r.Quality,
        r.Measure,
        Required = r.Text,
        Measured = _numbers.TryGetValue(r.Quality, out var number) ? r.With(number.Value) : "not yet",
        Source = number.Source ?? "",
        Met = IsMet(r.Quality) switch { true => "✓ yes", false => "✗ no", null => "–" },
    }), $"Scorecard of {Model}: {Met} of {_requirements.Length} met{(HasLanded ? ", landed" : "")}");

    public IEnumerable<Representation> Representations() => Card.Representations();

    public override string ToString() => Card.ToString();
}
