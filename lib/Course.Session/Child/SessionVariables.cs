using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Course.Session.Child.Display;

namespace Course.Session.Child;

/// <summary>The variables that a session's cells declared: the fields of its submissions. A later one hides an earlier of the same name.</summary>
internal static class SessionVariables
{
    private const int LongestValue = 100;

    /// <param name="submissions">The latest first.</param>
    public static JsonObject Show(IEnumerable<object> submissions, bool withValues)
    {
        var all = All(submissions).DistinctBy(v => v.Field.Name).OrderBy(v => v.Field.Name, StringComparer.Ordinal).ToArray();
        if (!withValues)
            return MimeBundle.Of(MimeBundle.Plain, string.Join('\n', all.Select(v => v.Field.Name)));
        string[][] rows = all.Select(v => (string[])[v.Field.Name, NameOf(v.Field.FieldType), TextOf(v.Field.GetValue(v.Of))]).ToArray();
        string html = "<table><thead><tr><th scope=\"col\">Variable</th><th scope=\"col\">Type</th><th scope=\"col\">Value</th></tr></thead><tbody>"
            + string.Concat(rows.Select(row => $"<tr>{string.Concat(row.Select(cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>"))}</tr>")) + "</tbody></table>";
        return new() { [MimeBundle.Html] = html, [MimeBundle.Plain] = string.Join('\n', rows.Select(row => $"{row[0]}\t{row[1]}\t{row[2]}")) };
    }

    /// <summary>The value of a variable; null when there is none of that name.</summary>
    /// <param name="submissions">The latest first.</param>
    public static object? Find(IEnumerable<object> submissions, string name) =>
        All(submissions).Where(v => v.Field.Name == name).Select(v => v.Field.GetValue(v.Of)).FirstOrDefault();

    private static IEnumerable<(FieldInfo Field, object Of)> All(IEnumerable<object> submissions) => submissions
        .SelectMany(s => s.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => (Field: field, Of: s)))
        .Where(v => char.IsLetter(v.Field.Name[0]) || v.Field.Name[0] == '_');

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : type.Name;

    private static string TextOf(object? value)
    {
        try
        {
            string text = (PlainText.Of(value) ?? value!.ToString() ?? "").ReplaceLineEndings(" ");
            return text.Length <= LongestValue ? text : text[..LongestValue] + " …";
        }
        catch (Exception e)
        {
            // Its text is the cell's own code.
            return $"({e.GetType().Name})";
        }
    }
}
