using System.Globalization;

namespace Course.Serving;

/// <summary>Times as text that sorts like time: UTC, ISO 8601, seven decimals.</summary>
internal static class Timestamps
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
