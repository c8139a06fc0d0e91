using System.Text;

namespace Course.Jupyter.Front;

/// <summary>Progress that rewrites its line: what a later write covers need not be sent.</summary>
internal static class CarriageReturns
{
    /// <summary>
    /// The shortest text that looks the same after what was printed before, also when more follows. The first line may
    /// continue one that was already sent, so its beginning stays.
    /// </summary>
    public static string Collapse(string text)
    {
        if (!text.Contains('\r'))
            return text;
        string[] lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        for (int i = 0; i < lines.Length; i++)
            // A line with escape sequences has other columns than characters.
            if (lines[i].Contains('\r') && !lines[i].Contains('\e'))
                lines[i] = Line(lines[i], continues: i == 0, unfinished: i == lines.Length - 1);
        return string.Join('\n', lines);
    }

    private static string Line(string line, bool continues, bool unfinished)
    {
        string[] writes = line.Split('\r');
        int start = continues ? 1 : 0;
        var shown = new StringBuilder();
        foreach (string write in writes.Skip(start))
        {
            shown.Remove(0, Math.Min(write.Length, shown.Length));
            shown.Insert(0, write);
        }
        if (unfinished && writes[^1].Length < shown.Length)
            shown.Append('\r').Append(writes[^1]);
        return continues ? $"{writes[0]}\r{shown}" : shown.ToString();
    }
}
