using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Course;

/// <summary>A table that shows itself as HTML and as aligned text.</summary>
[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = [Mime.Html, Mime.Text])]
public sealed partial class Table : IDisplayable
{
    private readonly string[] _headers;
    private readonly object?[][] _rows;

    private Table(string title, string[] headers, object?[][] rows)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        if (headers.Length == 0)
            throw new ArgumentException("A table needs at least one column.", nameof(headers));
        foreach (object?[] row in rows)
            if (row.Length != headers.Length)
                throw new ArgumentException($"A row of the table '{title}' has {row.Length} cells, but there are {headers.Length} headers.", nameof(rows));
        Title = title;
        _headers = headers;
        _rows = rows;
    }

    public string Title { get; }

    public int Count => _rows.Length;

    /// <summary>One line for each row; the columns are the public properties of <typeparamref name="T"/>, usually an anonymous type.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="title">What the table shows.</param>
    public static Table Of<T>(IEnumerable<T> rows, string title)
    {
        var items = rows.ToArray();
        if (items.Length == 0)
            throw new ArgumentException($"The table '{title}' has no rows.", nameof(rows));
        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && property.Name != "EqualityContract")
            .ToArray();
        if (properties.Length == 0)
            throw new ArgumentException($"{typeof(T).Name} has no public properties to show as columns: use an anonymous type, e.g. new {{ Name, Value }}.", nameof(rows));
        return new(title, [.. properties.Select(property => Words(property.Name))],
            [.. items.Select(item => properties.Select(property => property.GetValue(item)).ToArray())]);
    }

    /// <summary>A table from its headers and rows of cells.</summary>
    public static Table Of(IEnumerable<string> headers, IEnumerable<object?[]> rows, string title) =>
        new(title, [.. headers], [.. rows]);

    public IEnumerable<Representation> Representations() => [new(Mime.Html, Html()), new(Mime.Text, ToString())];

    private string Html()
    {
        var html = new StringBuilder("<table class=\"course-table\" style=\"border-collapse:collapse;margin:0.5em 0\">");
        html.Append($"<caption style=\"caption-side:top;text-align:left;font-weight:bold;padding:0.3em 0\">{WebUtility.HtmlEncode(Title)}</caption><thead><tr>");
        for (int column = 0; column < _headers.Length; column++)
            html.Append($"<th scope=\"col\" style=\"{Style(column)};border-bottom:2px solid\">{WebUtility.HtmlEncode(_headers[column])}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (object?[] row in _rows)
        {
            html.Append("<tr>");
            for (int column = 0; column < row.Length; column++)
                html.Append($"<td style=\"{Style(column)};border-bottom:1px solid #8888\">{WebUtility.HtmlEncode(Numbers.Text(row[column]))}</td>");
            html.Append("</tr>");
        }
        return html.Append("</tbody></table>").ToString();
    }

    private string Style(int column) => $"padding:0.2em 0.8em;text-align:{(IsNumeric(column) ? "right" : "left")}";

    private bool IsNumeric(int column) =>
        _rows.Length > 0 && _rows.All(row => row[column] is null or double or float or decimal or int or long or short or byte
            || row[column] is string text && NumberInWords().IsMatch(text));

    /// <summary>A number that the author has formatted, such as "−0.20" or "97.5 %".</summary>
    [GeneratedRegex(@"^[+−-]?\d[\d,]*(\.\d+)?( ?%)?$")]
    private static partial Regex NumberInWords();

    /// <summary>The table as aligned text.</summary>
    public override string ToString()
    {
        string[][] cells = [_headers, .. _rows.Select(row => row.Select(Numbers.Text).ToArray())];
        int[] widths = [.. Enumerable.Range(0, _headers.Length).Select(column => cells.Max(row => row[column].Length))];
        var text = new StringBuilder(Title).Append('\n');
        foreach (string[] row in cells)
        {
            var line = row.Select((cell, column) => IsNumeric(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append(string.Join("  ", line).TrimEnd()).Append('\n');
            if (ReferenceEquals(row, _headers))
                text.Append(string.Join("  ", widths.Select(width => new string('─', width)))).Append('\n');
        }
        return text.ToString().TrimEnd();
    }

    /// <summary>"TestAccuracy" → "Test accuracy", "AdamL2" → "Adam L2", "AdamW" → "AdamW", "P99Ms" → "P99 ms", "test_loss" → "test loss".</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            bool endsName = char.IsUpper(c) && i == name.Length - 1;
            bool unit = i > 0 && char.IsUpper(c) && char.IsDigit(name[i - 1]) && i + 1 < name.Length && char.IsLower(name[i + 1]);
            bool starts = i > 0 && (char.IsUpper(c) || char.IsDigit(c)) && char.IsLower(name[i - 1]) && !endsName || unit;
            bool single = starts && i + 1 < name.Length && char.IsLower(name[i + 1]);
            if (starts)
                words.Append(' ');
            words.Append(c == '_' ? ' ' : single ? char.ToLowerInvariant(c) : c);
        }
        return words.ToString();
    }
}
