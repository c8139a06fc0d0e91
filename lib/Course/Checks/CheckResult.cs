using System.Text.Json;
using System.Text.Json.Serialization;

namespace Course;

/// <summary>A claim and whether it held, with the numbers that decided it.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Check, Mime.Text])]
public sealed record CheckResult(
    string Claim, bool Passed, object? Actual = null, object? Expected = null, double? Tolerance = null) : IDisplayable
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public IEnumerable<Representation> Representations() =>
    [
        new(Mime.Check, JsonSerializer.Serialize(this, Json)),
        new(Mime.Text, ToString()),
    ];

    /// <summary>One line: a tick or a cross, the claim, the numbers.</summary>
    public override string ToString()
    {
        string mark = Passed ? "✓" : "✗";
        if (Actual is null)
            return $"{mark} {Claim}";
        string expected = Expected is null ? "" : Tolerance is { } tolerance
            ? $", expected {Numbers.Text(Expected)} ± {Numbers.Text(tolerance)}"
            : $", expected {Numbers.Text(Expected)}";
        return $"{mark} {Claim} (found {Numbers.Text(Actual)}{expected})";
    }
}

/// <summary>Thrown by <see cref="Check"/> when a claim does not hold.</summary>
public sealed class CheckFailedException(CheckResult result) : Exception(result.ToString())
{
    public CheckResult Result { get; } = result;
}
