namespace Course;

/// <summary>Estimated widths of text, so that labels get the room they need without a font engine.</summary>
internal static class TextSize
{
    /// <summary>How much wider bold letters are.</summary>
    public const double Bold = 1.1;

    /// <summary>Pixels; on the generous side of common sans-serif fonts.</summary>
    public static double Width(string text, double size = 13)
    {
        double em = 0;
        foreach (char c in text)
            em += c switch
            {
                'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.3,
                ' ' or 'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '-' => 0.4,
                'm' or 'w' or 'M' or 'W' or '%' or '@' or '−' or '×' or '=' or '+' => 0.88,
                >= 'A' and <= 'Z' => 0.7,
                >= '\u2E80' => 1.0,
                _ => 0.61,
            };
        return em * size;
    }

    /// <summary>Breaks at spaces so that each line fits.</summary>
    public static List<string> Wrap(string text, double width, double size)
    {
        var lines = new List<string>();
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line == "" ? word : line + " " + word;
            if (line != "" && Width(longer, size) > width)
            {
                lines.Add(line);
                line = word;
            }
            else
                line = longer;
        }
        lines.Add(line);
        return lines;
    }
}
