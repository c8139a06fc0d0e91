using System.Text.Json;

namespace Course;

/// <summary>Numbers that scorecards and reports use.</summary>
public static class Record
{
    /// <summary>Shows a number and hands it to the run's report under a name such as <c>4.3.accuracy</c>.</summary>
    /// <param name="name">Row and quantity, dotted.</param>
    /// <param name="value">A finite number.</param>
    /// <param name="unit">For example <c>fraction</c>, <c>seconds</c>, <c>MiB</c>.</param>
    /// <exception cref="ArgumentException">The value is NaN or infinite, or the name is empty.</exception>
    public static void Number(string name, double value, string unit)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(unit);
        if (!double.IsFinite(value))
            throw new ArgumentException($"'{name}' is {Numbers.Text(value)}, not a number that can be recorded: look at the computation before it.", nameof(value));
        Display.Show(new RecordedNumber(name, value, unit));
    }
}

/// <summary>A number with its name and unit.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Number, Mime.Text])]
public sealed record RecordedNumber(string Name, double Value, string Unit) : IDisplayable
{
    public IEnumerable<Representation> Representations() =>
    [
        new(Mime.Number, JsonSerializer.Serialize(this, CheckResult.Json)),
        new(Mime.Text, ToString()),
    ];

    public override string ToString() => $"{Name} = {Numbers.Text(Value)} {Unit}".TrimEnd();
}
