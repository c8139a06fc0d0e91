using System.Globalization;
using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>Shows where in its cell an error lies.</summary>
internal static class SourceExcerpt
{
    private const int Around = 2;

    /// <summary>The error with the lines around its own behind the traceback, its own one marked; unchanged where no line is known.</summary>
    public static ErrorOutput AddTo(ErrorOutput error, string source, string cell)
    {
        string[] lines = source.ReplaceLineEndings("\n").Split('\n');
        if (error.Line is not { } line || line < 1 || line > lines.Length)
            return error;
        var excerpt = new List<string> { "", string.Create(CultureInfo.InvariantCulture, $"{cell}, line {line}:") };
        for (int n = Math.Max(1, line - Around); n <= Math.Min(lines.Length, line + Around); n++)
            excerpt.Add(string.Create(CultureInfo.InvariantCulture, $"{(n == line ? "→" : " ")} {n,3} | {lines[n - 1]}"));
        return error with { Traceback = [.. error.Traceback, .. excerpt] };
    }
}
