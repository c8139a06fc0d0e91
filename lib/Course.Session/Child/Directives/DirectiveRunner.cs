using System.Text.Json;
using System.Text.RegularExpressions;
using Course.Kernel.Cells;
using Course.Session.Child.Display;
using Course.Session.Child.Scripting;
using Course.Session.Packages;
using Microsoft.CodeAnalysis.CSharp;

namespace Course.Session.Child.Directives;

/// <summary>What the directives of a cell do, and their complaints.</summary>
internal sealed partial class DirectiveRunner(References references)
{
    private readonly EngineLibraries _libraries = EngineLibraries.FromEnvironment();

    /// <summary>What a reader should know before the next cell runs; null when there is nothing.</summary>
    public string? Notice() => _libraries.Switched();

    /// <summary>The full path and the text of the file that <c>#load</c> or <c>#!import</c> names.</summary>
    public (string Path, string Text) Load(DirectivePart directive, string cell)
    {
        string path = Existing(directive, cell, directive.Arguments.Trim().Trim('"'));
        return (path, File.ReadAllText(path));
    }

    /// <summary><c>#!value --name x [--mime-type t]</c> with the text below it, <c>--from-file path</c> or <c>--from-url address</c>.</summary>
    public (string Name, string Text, string MimeType) Value(DirectivePart directive, string cell, CancellationToken cancel)
    {
        var options = Options(directive.Arguments);
        string name = Option(directive, cell, options, "name");
        string text = options.TryGetValue("from-file", out string? file) ? File.ReadAllText(Existing(directive, cell, file))
            : options.TryGetValue("from-url", out string? address) ? Fetched(directive, cell, address, cancel) : directive.Body;
        return (name, text, options.GetValueOrDefault("mime-type", MimeBundle.Plain));
    }

    private static string Fetched(DirectivePart directive, string cell, string address, CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        try
        {
            return client.GetStringAsync(address, cancel).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or UriFormatException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw Wrong(directive, cell, $"{address} cannot be read: {e.Message}");
        }
    }

    /// <summary>The C# statement behind <c>#!set --name x --value v</c> or <c>#!share x --from kernel [--as y]</c>.</summary>
    public string Assignment(DirectivePart directive, string cell, IReadOnlyDictionary<string, (string Text, string MimeType)> values)
    {
        var options = Options(directive.Arguments);
        string name, value;
        if (directive.Name == "set")
        {
            name = Option(directive, cell, options, "name");
            value = Option(directive, cell, options, "value");
        }
        else
        {
            (name, string source) = Shared(directive, cell);
            value = $"@{options.GetValueOrDefault("from", "csharp")}:{source}";
        }
        if (!SyntaxFacts.IsValidIdentifier(name))
            throw Wrong(directive, cell, $"'{name}' is no name for a variable");
        return value == $"@csharp:{name}" ? $"_ = {name};" : $"var {name} = {Expression(directive, cell, value, values)};";
    }

    /// <summary>What <c>#!share x [--as y]</c> calls the variable from now on, and what it is called so far.</summary>
    public (string Name, string Source) Shared(DirectivePart directive, string cell)
    {
        var options = Options(directive.Arguments);
        string source = options.TryGetValue("", out string? given) ? given : Option(directive, cell, options, "name");
        return (options.GetValueOrDefault("as", source), source);
    }

    /// <summary>A script that declares a variable of C# for the scripts of the page, as JSON.</summary>
    public string Script(DirectivePart directive, string cell, IEnumerable<object> submissions)
    {
        var (name, source) = Shared(directive, cell);
        if (SessionVariables.Find(submissions, source) is not { } value)
            throw Wrong(directive, cell, $"there is no variable '{source}' with a value to share");
        return $"<script type=\"text/javascript\">\nwindow[{JsonSerializer.Serialize(name, StringJson.Default.String)}] = {ObjectFormatter.As(value, "application/json").Replace("</", "<\\/", StringComparison.Ordinal)};\n</script>";
    }

    private static string Expression(DirectivePart directive, string cell, string value, IReadOnlyDictionary<string, (string Text, string MimeType)> values)
    {
        if (!value.StartsWith('@'))
        {
            // A text, as there, also where it looks like a number.
            return SymbolDisplay.FormatLiteral(value.StartsWith('{') || value.StartsWith('[') ? value : Unquoted(value), quote: true);
        }
        var (kernel, source) = value[1..].Split(':', 2) is [var k, var s] ? (k, s) : ("csharp", value[1..]);
        return kernel switch
        {
            "csharp" => source,
            "input" => $"{typeof(Helpers)}.{nameof(Helpers.GetInput)}({SymbolDisplay.FormatLiteral(Prompt(source), quote: true)})",
            "password" => $"await {typeof(Microsoft.DotNet.Interactive.Kernel)}.{nameof(Microsoft.DotNet.Interactive.Kernel.GetPasswordAsync)}({SymbolDisplay.FormatLiteral(Prompt(source), quote: true)})",
            "value" when values.TryGetValue(source, out var known) => known.MimeType == "application/json"
                ? $"{typeof(JsonDocument)}.{nameof(JsonDocument.Parse)}({SymbolDisplay.FormatLiteral(known.Text, quote: true)})" : SymbolDisplay.FormatLiteral(known.Text, quote: true),
            "value" => throw Wrong(directive, cell, $"there is no value '{source}'; known are: {string.Join(", ", values.Keys.Order())}"),
            _ => throw Wrong(directive, cell, $"there is no kernel '{kernel}' to share from; expected csharp, value, input or password"),
        };
    }

    /// <summary>What to ask: the text itself, or the <c>prompt</c> of an object.</summary>
    private static string Prompt(string source)
    {
        try
        {
            return JsonDocument.Parse(source).RootElement is { ValueKind: JsonValueKind.Object } options && options.TryGetProperty("prompt", out var prompt) ? prompt.ToString() : Unquoted(source);
        }
        catch (JsonException)
        {
            return source;
        }
    }

    private static string Unquoted(string value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, StringJson.Default.String) ?? value;
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static string Quoted(DirectivePart directive, string cell) =>
        QuotedText().Match(directive.Arguments) is { Success: true } match ? match.Groups["text"].Value.Trim()
            : throw Wrong(directive, cell, $"expected a quoted target: #{directive.Name} \"…\"");

    private string Existing(DirectivePart directive, string cell, string target)
    {
        if (target.Length == 0)
            throw Wrong(directive, cell, "expected a path");
        string path = _libraries.Answer(Path.GetFullPath(target.Replace('\\', Path.DirectorySeparatorChar)));
        if (File.Exists(path))
            return path;
        string hint = path.Replace('\\', '/').Contains("/artifacts/lib", StringComparison.Ordinal) ? " Build the libraries once: dotnet build (in the repository's folder)." : "";
        throw Wrong(directive, cell, $"{path} was not found.{hint}");
    }

    private static string Option(DirectivePart directive, string cell, Dictionary<string, string> options, string name) =>
        options.TryGetValue(name, out string? value) ? value : throw Wrong(directive, cell, $"#!{directive.Name} needs --{name}");

    /// <summary>Options by name; what stands without a name is under the empty one.</summary>
    private static Dictionary<string, string> Options(string arguments)
    {
        var options = new Dictionary<string, string>();
        foreach (var match in OptionText().Matches(arguments).Where(match => !match.Groups["flag"].Success))
            options[match.Groups["name"].Value] = match.Groups["quoted"] is { Success: true } quoted ? quoted.Value : match.Groups["value"].Value;
        return options;
    }

    private static SubmissionException Wrong(DirectivePart directive, string cell, string message) =>
        SubmissionException.Directive(cell, directive.Line + 1, message);

    /// <summary>Packages and their sources are also written without quotes.</summary>
    [GeneratedRegex("""^\s*("(?<text>[^"]*)"\s*(//.*)?|(?<text>nuget:[^"]*?)(\s+//.*)?\s*)$""", RegexOptions.IgnoreCase)]
    private static partial Regex QuotedText();

    [GeneratedRegex("""(?<flag>--[\w-]+(?=\s+--|\s*$))|(--(?<name>[\w-]+)[\s=]+)?("(?<quoted>[^"]*)"|(?<value>(@\w+:)?("[^"]*"|\{[^}]*\}|\[[^\]]*\]|[^\s"]\S*)))""")]
    private static partial Regex OptionText();
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class StringJson : System.Text.Json.Serialization.JsonSerializerContext;
