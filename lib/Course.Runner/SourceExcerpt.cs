using System.Globalization;

namespace Course.Runner;

/// <summary>A few lines of a cell around the one where it failed.</summary>
internal static class SourceExcerpt
{
    private const int Around = 1;
    private const int Longest = 160;

    public static string? Of(string source, int? line)
    {
        string[] lines = source.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (line is { } at && (at < 1 || at > lines.Length))
            line = null;
        int from = line is { } first ? Math.Max(1, first - Around) : 1;
        int to = line is { } last ? Math.Min(lines.Length, last + Around) : Math.Min(lines.Length, 1 + 2 * Around);
        return string.Join('\n', Enumerable.Range(from, to - from + 1).Select(n =>
            string.Create(CultureInfo.InvariantCulture, $"{(n == line ? '>' : ' ')}{n,4} | {Shorten(lines[n - 1])}")));
    }

    private static string Shorten(string text) => text.Length <= Longest ? text : text[..Longest] + "…";
}
