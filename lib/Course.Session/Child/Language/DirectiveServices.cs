using System.Text.RegularExpressions;
using Course.Session.Child.Directives;
using Course.Session.Contract;

namespace Course.Session.Child.Language;

/// <summary>Completion and inspection of directive lines: their names and the files that they name.</summary>
internal static partial class DirectiveServices
{
    private const int MostFiles = 200;

    /// <returns>Null when the cursor is not in a directive.</returns>
    public static Completions? Complete(string code, int position)
    {
        var (start, end) = Line(code, position);
        string before = code[start..position];
        if (NameBefore().IsMatch(before))
        {
            int nameEnd = position;
            while (nameEnd < end && (char.IsAsciiLetterOrDigit(code[nameEnd]) || code[nameEnd] is '!' or '-'))
                nameEnd++;
            return new(start, nameEnd, [.. DirectiveHelp.Known.Where(d => d.Name.StartsWith(before, StringComparison.OrdinalIgnoreCase)).Select(d => new Completion(d.Name, "directive", d.Signature))]);
        }
        if (FileBefore().Match(before) is { Success: true } file)
            return Files(file.Groups["directive"].Value, file.Groups["path"].Value, position);
        return CellParser.IsDirective(code[start..end]) ? new(position, position, []) : null;
    }

    /// <returns>Null when the cursor is not on the name of a directive.</returns>
    public static Inspection? Inspect(string code, int position)
    {
        var (start, end) = Line(code, position);
        if (Name().Match(code[start..end]) is not { Success: true } name || position > start + name.Length)
            return null;
        var (_, signature, description) = DirectiveHelp.Known.FirstOrDefault(d => d.Name == name.Value);
        return signature is null ? null : new($"{signature}\n\n{description}", $"`{signature}`\n\n{description}");
    }

    private static (int Start, int End) Line(string code, int position)
    {
        int start = position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;
        int end = code.IndexOf('\n', position);
        return (start, end < 0 ? code.Length : end);
    }

    /// <summary>Folders, and the files that the directive can take; only the part behind the last separator is replaced.</summary>
    private static Completions Files(string directive, string path, int position)
    {
        int cut = path.LastIndexOfAny(['/', '\\']) + 1;
        string prefix = path[cut..];
        string[] extensions = directive switch { "#r" => [".dll"], "#load" => [".csx", ".cs"], _ => [".ipynb", ".dib", ".csx", ".cs"] };
        try
        {
            var found = new DirectoryInfo(Path.GetFullPath(path[..cut].Length == 0 ? "." : path[..cut])).EnumerateFileSystemInfos()
                .Where(entry => entry.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (prefix.Length > 0 || !entry.Name.StartsWith('.')))
                .Where(entry => entry is DirectoryInfo || extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
                .OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)
                .Take(MostFiles)
                .Select(entry => entry is DirectoryInfo ? new Completion($"{entry.Name}/", "folder") : new Completion(entry.Name, "file"));
            return new(position - prefix.Length, position, [.. found]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new(position, position, []);
        }
    }

    [GeneratedRegex(@"^#!?[\w-]*\z")]
    private static partial Regex NameBefore();

    [GeneratedRegex(@"^#!?\w+")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<directive>#r|#load|#!import)\s+""?(?<path>(?!nuget:)[^""]*)\z")]
    private static partial Regex FileBefore();
}
