using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Course.Session.Child.Language;

/// <summary>The documentation comment of a symbol as plain text.</summary>
internal static partial class Documentation
{
    public static string Text(ISymbol symbol)
    {
        string? xml = symbol.GetDocumentationCommentXml();
        if (string.IsNullOrWhiteSpace(xml))
            return "";
        try
        {
            var root = XElement.Parse($"<doc>{xml}</doc>");
            var parts = new List<string>();
            if (root.Descendants("summary").FirstOrDefault() is { } summary)
                parts.Add(Flat(summary));
            parts.AddRange(root.Descendants("param").Select(p => $"{(string?)p.Attribute("name")}: {Flat(p)}"));
            if (root.Descendants("returns").FirstOrDefault() is { } returns)
                parts.Add($"Returns {Flat(returns)}");
            parts.AddRange(root.Descendants("exception").Select(e => $"Throws {Name(e)}: {Flat(e)}"));
            return string.Join("\n\n", parts.Where(p => p.Length > 0));
        }
        catch (XmlException)
        {
            return "";
        }
    }

    private static string Flat(XElement element) => Blanks().Replace(string.Concat(element.Nodes().Select(n => n switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } reference => reference.Value.Length > 0 ? reference.Value : Name(reference),
        XElement { Name.LocalName: "list" } list => string.Concat(list.Elements("item").Select(item => $" • {Item(item)}")),
        XElement { Name.LocalName: "para" or "code" or "br" } block => $" {Flat(block)} ",
        XElement child => Flat(child),
        _ => "",
    })), " ").Trim();

    /// <summary>A term and its description, or the text of an item that has neither.</summary>
    private static string Item(XElement item) => item.HasElements && item.Element("description") is not null
        ? string.Join(": ", item.Elements().Select(Flat).Where(part => part.Length > 0))
        : Flat(item);

    /// <summary>The last part of what an element refers to.</summary>
    private static string Name(XElement element)
    {
        string reference = (string?)element.Attribute("cref") ?? (string?)element.Attribute("name") ?? (string?)element.Attribute("langword") ?? "";
        int parameters = reference.IndexOf('(', StringComparison.Ordinal);
        return (parameters < 0 ? reference : reference[..parameters]).Split('.', ':')[^1];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
