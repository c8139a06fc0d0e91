using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Notebooks;

namespace Course.Interactive.Tests;

/// <summary>What one executed cell shows: as a reader of a table sees it, and as two kernels are compared.</summary>
/// <param name="Shown">Short, on one line.</param>
/// <param name="Key">Without what is each kernel's own way of saying it.</param>
internal sealed partial record CellMeaning(string Shown, string Key, bool Passes)
{
    private const int Longest = 160;

    public static CellMeaning Of(NotebookCell cell)
    {
        List<string> shown = [], keys = [];
        var streams = new SortedDictionary<string, string>(StringComparer.Ordinal);
        bool passes = true;
        foreach (var output in cell.Outputs.Select(o => o!.AsObject()))
        {
            switch (output["output_type"]!.ToString())
            {
                case "stream":
                    string name = output["name"]!.ToString();
                    streams[name] = streams.GetValueOrDefault(name, "") + Text(output["text"]);
                    break;
                case "error":
                    passes = false;
                    // .NET Interactive prints the compiler's errors and says only that there are some.
                    string error = Error(output, streams.GetValueOrDefault("stderr", ""));
                    keys.Add(error);
                    shown.Add(error);
                    break;
                case var type when !IsNotice(output["data"]!.AsObject()):
                    var data = output["data"]!.AsObject();
                    keys.Add($"{type} {KeyOf(data)}");
                    shown.Add(Reader(data));
                    break;
            }
        }
        // The order of two channels is nobody's promise, and which lines of an error go where is the kernel's own.
        foreach (var (name, text) in streams)
        {
            string written = passes ? PackageRemark().Replace(text, "").ReplaceLineEndings("\n").Trim() : name == "stdout" ? text.Trim() : "";
            if (written.Length == 0)
                continue;
            keys.Add($"{name}: {Varying(written)}");
            shown.Add($"{name}: {written}");
        }
        return new CellMeaning(Short(Varying(string.Join(" ¦ ", shown))), Varying(string.Join(" ¦ ", keys)), passes);
    }

    /// <summary>The compiler's number, or the exception and what it says.</summary>
    private static string Error(JsonObject output, string printed)
    {
        string said = output["evalue"]!.ToString(), name = output["ename"]!.ToString();
        if (CompilerError().Match(said == "compilation error" ? printed : said) is { Success: true } compiler)
            return $"error {compiler.Groups["id"].Value}";
        if (Exception().Match(said) is { Success: true } thrown)
            return $"{thrown.Groups["type"].Value}: {thrown.Groups["message"].Value.Trim()}";
        return name is "Error" or "DirectiveError" ? $"refused: {said.Split('\n')[0]}" : $"{name}: {said.Split('\n')[0]}";
    }

    private static string KeyOf(JsonObject data)
    {
        if (data["text/html"] is not { } html)
            return string.Join(' ', data.Where(d => d.Key != "text/plain" || data.Count == 1).Select(d => $"{(d.Key == "text/plain" ? "" : d.Key)} {Text(d.Value).Trim()}")).Trim();
        string text = Style().Replace(Text(html), "").Replace("<th scope=\"col\">", "<th>", StringComparison.Ordinal);
        return Scalar().Match(text) is { Success: true } scalar ? WebUtility.HtmlDecode(scalar.Groups["text"].Value) : $"text/html {text.ReplaceLineEndings("\n").Trim()}";
    }

    private static string Reader(JsonObject data)
    {
        if (data["text/html"] is { } html)
            return WebUtility.HtmlDecode(Tag().Replace(Style().Replace(Text(html), ""), " ")).Trim();
        var (type, content) = data.FirstOrDefault(d => d.Key != "text/plain", data.First());
        return type == "text/plain" ? Text(content) : $"{type}: {Text(content)}";
    }

    private static string Short(string text)
    {
        text = Space().Replace(text, " ").Trim();
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    /// <summary>Times, identities and folders are another each time.</summary>
    private static string Varying(string text) => Folder().Replace(Id().Replace(Duration().Replace(text, "N ms"), "…"), "…");

    /// <summary>.NET Interactive tells what it does for itself: its front end's script, packages, extensions.</summary>
    private static bool IsNotice(JsonObject data) =>
        Text(data["text/html"] ?? data["text/plain"]) is var text
        && (text.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal) || text.Contains("<strong>Installed Packages</strong>", StringComparison.Ordinal)
            || text.Contains("<strong>Restore sources</strong>", StringComparison.Ordinal) || text.StartsWith("Loading extensions from", StringComparison.Ordinal));

    private static string Text(JsonNode? node) => node is JsonArray lines ? string.Concat(lines.Select(l => l!.ToString())) : node is JsonObject json ? json.ToJsonString() : node?.ToString() ?? "";

    [GeneratedRegex(@"error (?<id>CS\d+)")]
    private static partial Regex CompilerError();

    [GeneratedRegex(@"\A(?:[\w.]+\.)?(?<type>\w*(?:Exception|Error)): (?<message>[^\n]*)")]
    private static partial Regex Exception();

    [GeneratedRegex("""\A(<div class="dni-plaintext"><pre>(?<text>[^<]*)</pre></div>|<span>(?<text>[^<]*)</span>)\s*\z""")]
    private static partial Regex Scalar();

    /// <summary>On the versions of .NET Interactive's own packages.</summary>
    [GeneratedRegex(@"^warning CS1701: .*$", RegexOptions.Multiline)]
    private static partial Regex PackageRemark();

    [GeneratedRegex("<style>[^<]*</style>")]
    private static partial Regex Style();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"[\d.]+ ?(ms|milliseconds)")]
    private static partial Regex Duration();

    [GeneratedRegex(@"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|Submission#?\d+[+.]|lambda_method\d+|table_\d+|\b(linux|win|osx)-\w+|(?<=\.NET )\d+\.\d+\.\d+")]
    private static partial Regex Id();

    [GeneratedRegex(@"/(tmp|work|root|home|Users)/[^\s'"",]*/")]
    private static partial Regex Folder();
}
