using System.Text.Json;
using System.Text.RegularExpressions;
using Course.Session.Child.Display;
using Course.Session.Child.Scripting;
using Course.Session.Packages;
using Microsoft.CodeAnalysis.CSharp;

namespace Course.Session.Child.Directives;

/// <summary>What the directives of a cell do, and their complaints.</summary>
internal sealed partial class DirectiveRunner(References references)
{
    private readonly List<string> sources = [];
    private readonly List<PackageId> packages = [];
    private readonly HashSet<(string Id, string Version)> asked = [];
    private readonly HashSet<string> extensions = [];
    private readonly EngineLibraries libraries = EngineLibraries.FromEnvironment();

    /// <summary>What a reader should know before the next cell runs; null when there is nothing.</summary>
    public string? Notice() => libraries.Switched();

    /// <summary><c>#r "path"</c> or <c>#r "nuget: Id, Version"</c>. Gives warnings for the reader.</summary>
    public IReadOnlyList<string> Reference(DirectivePart directive, string cell, CancellationToken cancel)
    {
        var target = Quoted(directive, cell);
        if (Package().Match(target) is { Success: true } package)
            return Restore(directive, cell, package.Groups["id"].Value, package.Groups["version"].Value, cancel);
        // An assembly of the framework is there without being asked for.
        if (!File.Exists(target) && references.IsOfFramework(target))
            return [];
        var path = Existing(directive, cell, target);
        if (IsEngine(Path.GetFileNameWithoutExtension(path)) && packages.Find(p => IsEngine(p.Name)) is { } engine)
            throw Wrong(directive, cell, TwoEngines($"package {engine.Name} {engine.Version}", path));
        try
        {
            return references.Add(path, mayChange: true) is { } warning ? [warning] : [];
        }
        catch (BadImageFormatException)
        {
            throw Wrong(directive, cell, $"{path} is no .NET assembly");
        }
    }

    /// <summary><c>#i "nuget: source"</c>: where packages are looked for too.</summary>
    public void AddSource(DirectivePart directive, string cell)
    {
        var target = Quoted(directive, cell);
        if (!target.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
            throw Wrong(directive, cell, "expected #i \"nuget: <source>\" with an address or a folder");
        sources.Add(target["nuget:".Length..].Trim());
    }

    /// <summary>The full path and the text of the file that <c>#load</c> or <c>#!import</c> names.</summary>
    public (string Path, string Text) Load(DirectivePart directive, string cell)
    {
        var path = Existing(directive, cell, directive.Arguments.Trim().Trim('"'));
        return (path, File.ReadAllText(path));
    }

    /// <summary><c>#!value --name x [--mime-type t]</c> with the text below it or <c>--from-file path</c>.</summary>
    public (string Name, string Text, string MimeType) Value(DirectivePart directive, string cell)
    {
        var options = Options(directive.Arguments);
        var name = Option(directive, cell, options, "name");
        string text = options.TryGetValue("from-file", out var file) ? File.ReadAllText(Existing(directive, cell, file)) : directive.Body;
        return (name, text, options.GetValueOrDefault("mime-type", MimeBundle.Plain));
    }

    /// <summary>The C# statement behind <c>#!set --name x --value v</c> or <c>#!share x --from kernel [--as y]</c>.</summary>
    public string Assignment(DirectivePart directive, string cell, IReadOnlyDictionary<string, string> values)
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
            var source = options.TryGetValue("", out var given) ? given : Option(directive, cell, options, "name");
            name = options.GetValueOrDefault("as", source);
            value = $"@{options.GetValueOrDefault("from", "csharp")}:{source}";
        }
        if (!SyntaxFacts.IsValidIdentifier(name))
            throw Wrong(directive, cell, $"'{name}' is no name for a variable");
        return $"var {name} = {Expression(directive, cell, value, values)};";
    }

    private string Expression(DirectivePart directive, string cell, string value, IReadOnlyDictionary<string, string> values)
    {
        if (!value.StartsWith('@'))
        {
            return Literal().IsMatch(value) ? value
                : SymbolDisplay.FormatLiteral(value.StartsWith('{') || value.StartsWith('[') ? value : Unquoted(value), quote: true);
        }
        var (kernel, source) = value[1..].Split(':', 2) is [var k, var s] ? (k, s) : ("csharp", value[1..]);
        return kernel switch
        {
            "csharp" => source,
            "value" when values.TryGetValue(source, out var text) => SymbolDisplay.FormatLiteral(text, quote: true),
            "value" => throw Wrong(directive, cell, $"there is no value '{source}'; known are: {string.Join(", ", values.Keys.Order())}"),
            _ => throw Wrong(directive, cell, $"there is no kernel '{kernel}' to share from; expected csharp or value"),
        };
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

    /// <summary>TorchSharp itself and the packages that bring it with its native libraries.</summary>
    private static bool IsEngine(string name) =>
        name.Equals("TorchSharp", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase);

    private static string TwoEngines(string first, string second) =>
        $"this session already has TorchSharp from {first}; with {second} there would be two types Tensor that do not fit together. Keep one: to run a chapter on the real library, leave its first cell as it is and use course run --engine torchsharp-cpu, or dotnet build -p:Engine=torchsharp-cpu and restart the kernel";

    private string Existing(DirectivePart directive, string cell, string target)
    {
        if (target.Length == 0)
            throw Wrong(directive, cell, "expected a path");
        var path = libraries.Answer(Path.GetFullPath(target.Replace('\\', Path.DirectorySeparatorChar)));
        if (File.Exists(path))
            return path;
        var hint = path.Replace('\\', '/').Contains("/artifacts/lib", StringComparison.Ordinal) ? " Build the libraries once: dotnet build (in the repository's folder)." : "";
        throw Wrong(directive, cell, $"{path} was not found.{hint}");
    }

    private static string Option(DirectivePart directive, string cell, Dictionary<string, string> options, string name) =>
        options.TryGetValue(name, out var value) ? value : throw Wrong(directive, cell, $"#!{directive.Name} needs --{name}");

    /// <summary>Options by name; what stands without a name is under the empty one.</summary>
    private static Dictionary<string, string> Options(string arguments)
    {
        var options = new Dictionary<string, string>();
        foreach (Match match in OptionText().Matches(arguments))
            options[match.Groups["name"].Value] = match.Groups["quoted"] is { Success: true } quoted ? quoted.Value : match.Groups["value"].Value;
        return options;
    }

    private static SubmissionException Wrong(DirectivePart directive, string cell, string message) =>
        SubmissionException.Directive(cell, directive.Line + 1, message);

    /// <summary>All packages asked for so far are restored together, so that they agree on what they share.</summary>
    private List<string> Restore(DirectivePart directive, string cell, string id, string version, CancellationToken cancel)
    {
        if (packages.Find(p => p.Name.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            return version.Length == 0 || version.Equals(other.Version, StringComparison.OrdinalIgnoreCase) || asked.Contains((other.Name, version)) ? []
                : throw Wrong(directive, cell, $"package {id} {other.Version} is already in use; restart to use {version}");
        }
        if (IsEngine(id) && references.PathOf("TorchSharp") is { } loaded)
            throw Wrong(directive, cell, TwoEngines(loaded, $"package {id} {version}".TrimEnd()));
        try
        {
            var package = new PackageId(id, version.Length == 0 ? PackageId.Newest : version);
            var restored = PackageRestore.RestoreAsync([.. packages, package], sources, cancel).GetAwaiter().GetResult();
            foreach (string source in restored.Silent)
                sources.Remove(source);
            string taken = restored.Versions.GetValueOrDefault(id, version);
            packages.Add(new PackageId(id, taken));
            asked.Add((id, version));
            foreach (var folder in restored.NativeFolders)
                references.AddFolder(folder, mayChange: false);
            List<string> warnings =
            [
                .. restored.Silent.Select(source => $"the source {source} does not answer; packages are looked for in the others"),
                .. Taken(id, version, taken) is { } note ? [note] : (string[])[],
                .. restored.Assemblies.Select(path => references.Add(path, mayChange: false)).OfType<string>(),
            ];
            return [.. warnings, .. restored.Extensions.Where(extensions.Add).Select(Extensions.Load).OfType<string>()];
        }
        catch (PackageRestoreException e)
        {
            throw Wrong(directive, cell, $"package {id} {version}".TrimEnd() + $" cannot be restored: {e.Message}");
        }
    }

    /// <summary>What to say when the version taken is not one that the cell pins; null when it is.</summary>
    private static string? Taken(string id, string version, string taken) =>
        version.Length > 0 && !version.AsSpan().ContainsAny("*[(") ? Same(version, taken) ? null : $"{id} {version} is in no source; {taken} was taken"
        : $"{id} {taken} was taken; to have the same tomorrow, write #r \"nuget: {id}, {taken}\"";

    /// <summary>1.2 and 1.2.0 are one version.</summary>
    private static bool Same(string version, string taken) =>
        version.Equals(taken, StringComparison.OrdinalIgnoreCase)
        || (Version.TryParse(version, out var one) && Version.TryParse(taken, out var other) && Parts(one).SequenceEqual(Parts(other)));

    private static int[] Parts(Version version) => [version.Major, version.Minor, Math.Max(version.Build, 0), Math.Max(version.Revision, 0)];

    [GeneratedRegex(@"^nuget:\s*(?<id>[\w.-]+)\s*(,\s*(?<version>\S.*?)\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Package();

    [GeneratedRegex("""^\s*"(?<text>[^"]*)"\s*(//.*)?$""")]
    private static partial Regex QuotedText();

    [GeneratedRegex("""(--(?<name>[\w-]+)[\s=]+)?("(?<quoted>[^"]*)"|(?<value>\S+))""")]
    private static partial Regex OptionText();

    [GeneratedRegex(@"^(-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false)$")]
    private static partial Regex Literal();
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class StringJson : System.Text.Json.Serialization.JsonSerializerContext;
