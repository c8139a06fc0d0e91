using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Course.Runner.Reports;

/// <summary>What both XML reports share.</summary>
internal static class XmlText
{
    public static string Document(XElement root) =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + root.ToString().ReplaceLineEndings("\n") + "\n";

    /// <summary>Text without the characters that XML cannot hold.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
                clean.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                clean.Append(text[i]).Append(text[++i]);
            else
                clean.Append('\uFFFD');
        }
        return clean.ToString();
    }

    /// <summary>How a cell is called as a test.</summary>
    public static string TestName(CellReport cell) =>
        FormattableString.Invariant($"cell[{cell.Index}]") + (cell.Id is null ? "" : $" {cell.Id}") + string.Concat(cell.Tags.Select(t => $" #{t}"));

    /// <summary>Where and what, for the body of a failure.</summary>
    public static string Details(string path, CellReport cell) =>
        Clean($"{path}, cell[{cell.Index}]{(cell.Error?.Line is { } line ? $", line {line}" : "")}: {Message(cell)}\n{cell.Error?.Excerpt}".TrimEnd('\n'));

    public static string Message(CellReport cell) => Clean(
        cell.Error is { } error ? $"{error.Type}: {error.Message}" : cell.Reason ?? (cell.Status == RunStatus.NotDone ? "The exercise is not done." : cell.Status.ToString()));
}
