using System.Text;
using System.Text.RegularExpressions;

namespace Course.Session.Child.Directives;

/// <summary>A cell in the order in which its parts run.</summary>
/// <param name="Line">0-based line of the cell where it starts.</param>
internal abstract record CellPart(int Line);

/// <summary>A directive; known by name, not yet checked.</summary>
/// <param name="Language">Of the text that it stands in.</param>
/// <param name="Body">The lines below it, for directives that take the rest of the cell.</param>
internal sealed record DirectivePart(int Line, string Name, string Arguments, string Language, string Body = "") : CellPart(Line);

/// <summary>Code or text of one language, padded with empty lines so that its line numbers are the cell's.</summary>
internal sealed record TextPart(int Line, string Language, string Text) : CellPart(Line);

/// <summary>
/// Splits a cell into its directives (lines that start in column 0 with <c>#!</c>, <c>#r</c>, <c>#i</c> or <c>#load</c>)
/// and the text between them. An unknown directive is refused here, before anything runs.
/// </summary>
internal static partial class CellParser
{
    private static readonly string[] Languages = ["csharp", "markdown", "html", "javascript", "svg", "mermaid", "value"];
    private static readonly string[] Commands = [.. DirectiveHelp.Known.Select(directive => directive.Name.TrimStart('#', '!')).Except(Languages)];

    private static readonly Dictionary<string, string> Aliases = new() { ["c#"] = "csharp", ["C#"] = "csharp", ["md"] = "markdown", ["js"] = "javascript" };

    /// <summary>Languages that .NET Interactive runs and this kernel does not.</summary>
    private static readonly Dictionary<string, string> Foreign = new()
    {
        ["fsharp"] = "F#",
        ["f#"] = "F#",
        ["F#"] = "F#",
        ["pwsh"] = "PowerShell",
        ["powershell"] = "PowerShell",
        ["sql"] = "SQL",
        ["kql"] = "KQL",
        ["http"] = "HTTP requests",
    };

    public static IReadOnlyList<CellPart> Parse(string code, string cell, string language)
    {
        language = Language(language) ?? throw SubmissionExceptionFor(cell, 1,
            Foreign.TryGetValue(language, out string? other) ? NoSuchLanguage(other) : $"the language '{language}' is unknown; known are {string.Join(", ", Languages)}");
        var parts = new List<CellPart>();
        var text = new StringBuilder();
        string[] lines = code.ReplaceLineEndings("\n").Split('\n');
        int start = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (DirectiveLine().Match(lines[i]) is not { Success: true } match)
            {
                text.Append(lines[i]).Append('\n');
                continue;
            }
            string name = match.Groups["name"].Value.TrimStart('!');
            string arguments = match.Groups["arguments"].Value.Trim();
            if (Language(name) is { } next)
            {
                Flush(i);
                language = next;
                if (next == "value")
                {
                    string body = string.Join('\n', lines[(i + 1)..]);
                    parts.Add(new DirectivePart(i, "value", arguments, language, body));
                    return parts;
                }
            }
            else if (Commands.Contains(name))
            {
                // What stands above runs first, except that references and timing concern the whole text they stand in.
                if (name is not ("r" or "i" or "time"))
                    Flush(i);
                parts.Add(new DirectivePart(i, name, arguments, language));
            }
            else
            {
                throw SubmissionExceptionFor(cell, i + 1,
                    Foreign.TryGetValue(name, out string? foreign) ? NoSuchLanguage(foreign) : $"'#!{name}' is no directive of this kernel; known are {DirectiveHelp.Names}");
            }
            text.Append('\n');
        }
        Flush(lines.Length);
        return parts;

        void Flush(int end)
        {
            if (text.ToString() is var part && !string.IsNullOrWhiteSpace(part))
                parts.Add(new TextPart(start, language, language == "csharp" ? new string('\n', start) + part.TrimEnd('\n') : part.Trim('\n')));
            text.Clear();
            start = end;
        }
    }

    private static string NoSuchLanguage(string language) =>
        $"this kernel runs C# and shows Markdown, HTML, JavaScript, SVG and Mermaid; for {language} choose the kernel .NET Interactive in your front end";

    public static bool IsDirective(string line) => DirectiveLine().IsMatch(line);

    private static string? Language(string name) => Aliases.GetValueOrDefault(name, name) is var known && Languages.Contains(known) ? known : null;

    private static Scripting.SubmissionException SubmissionExceptionFor(string cell, int line, string message) =>
        Scripting.SubmissionException.Directive(cell, line, message);

    [GeneratedRegex(@"^#(?<name>![\w#-]+|r\b|i\b|load\b)(?<arguments>.*)$")]
    private static partial Regex DirectiveLine();
}
