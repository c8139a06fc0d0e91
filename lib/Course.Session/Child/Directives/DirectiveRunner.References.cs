using System.Text.RegularExpressions;
using Course.Session.Child.Display;
using Course.Session.Child.Scripting;
using Course.Session.Packages;

namespace Course.Session.Child.Directives;

/// <summary>Assemblies and packages for cells: <c>#r</c> and <c>#i</c>.</summary>
internal sealed partial class DirectiveRunner
{
    private readonly List<string> _sources = [];
    private readonly List<PackageId> _packages = [];
    private readonly HashSet<(string Id, string Version)> _asked = [];
    private readonly HashSet<string> _extensions = [];

    /// <summary>
    /// <c>#r "path"</c>, <c>#r "nuget: Id, Version"</c> and <c>#i "nuget: source"</c> that stand together: packages are restored
    /// at once, so that they agree on what they share. Gives warnings for the reader.
    /// </summary>
    public IReadOnlyList<string> Reference(IReadOnlyList<DirectivePart> together, string cell, CancellationToken cancel)
    {
        List<string> warnings = [];
        List<Wanted> wanted = [];
        foreach (var directive in together)
        {
            if (directive.Name == "i")
                AddSource(directive, cell);
            else if (Package().Match(Quoted(directive, cell)) is not { Success: true } package)
                warnings.AddRange(Assembly(directive, cell));
            else if (IsNew(directive, cell, package.Groups["id"].Value, package.Groups["version"].Value, wanted))
                wanted.Add(new Wanted(directive, package.Groups["id"].Value, package.Groups["version"].Value));
        }
        if (wanted.Count > 0)
            warnings.AddRange(Restore(wanted, cell, cancel));
        return warnings;
    }

    private sealed record Wanted(DirectivePart Directive, string Id, string Version)
    {
        public override string ToString() => $"package {Id} {Version}".TrimEnd();
    }

    private string[] Assembly(DirectivePart directive, string cell)
    {
        string target = Quoted(directive, cell);
        // An assembly of the framework is there without being asked for.
        if (!File.Exists(target) && references.IsOfFramework(target))
            return [];
        string path = Existing(directive, cell, target);
        if (IsEngine(Path.GetFileNameWithoutExtension(path)) && _packages.Find(p => IsEngine(p.Name)) is { } engine)
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
    private void AddSource(DirectivePart directive, string cell)
    {
        string target = Quoted(directive, cell);
        if (!target.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
            throw Wrong(directive, cell, "expected #i \"nuget: <source>\" with an address or a folder");
        _sources.Add(target["nuget:".Length..].Trim());
    }

    /// <summary>TorchSharp itself and the packages that bring it with its native libraries.</summary>
    private static bool IsEngine(string name) =>
        name.Equals("TorchSharp", StringComparison.OrdinalIgnoreCase) || name.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase);

    private static string TwoEngines(string first, string second) =>
        $"this session already has TorchSharp from {first}; with {second} there would be two types Tensor that do not fit together. Keep one: to run a chapter on the real library, leave its first cell as it is and use course run --engine torchsharp-cpu, or dotnet build -p:Engine=torchsharp-cpu and restart the kernel";

    /// <summary>Whether a package is still to be restored.</summary>
    /// <exception cref="SubmissionException">It is there in another version, or cannot be beside what is there.</exception>
    private bool IsNew(DirectivePart directive, string cell, string id, string version, List<Wanted> wanted)
    {
        if (_packages.Find(p => p.Name.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            if (version.Length == 0 || version.Equals(other.Version, StringComparison.OrdinalIgnoreCase) || _asked.Contains((other.Name, version)))
                return false;
            throw Wrong(directive, cell, $"package {id} {other.Version} is already in use; restart to use {version}");
        }
        if (wanted.Find(w => w.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } twice)
        {
            if (version.Length == 0 || version == twice.Version)
                return false;
            throw Wrong(directive, cell, $"{twice} is asked for a second time, as {version}; keep one of them");
        }
        if (IsEngine(id) && references.PathOf("TorchSharp") is { } loaded)
            throw Wrong(directive, cell, TwoEngines(loaded, $"package {id} {version}".TrimEnd()));
        return true;
    }

    /// <summary>All packages asked for so far are restored together, so that they agree on what they share.</summary>
    private List<string> Restore(List<Wanted> wanted, string cell, CancellationToken cancel)
    {
        try
        {
            var restored = PackageRestore.RestoreAsync([.. _packages, .. wanted.Select(w => new PackageId(w.Id, w.Version.Length == 0 ? PackageId.Newest : w.Version))], _sources, cancel).GetAwaiter().GetResult();
            foreach (string source in restored.Silent)
                _sources.Remove(source);
            string[] taken = wanted.Select(w => restored.Versions.GetValueOrDefault(w.Id, w.Version)).ToArray();
            _packages.AddRange(wanted.Zip(taken, (w, version) => new PackageId(w.Id, version)));
            _asked.UnionWith(wanted.Select(w => (w.Id, w.Version)));
            foreach (string folder in restored.NativeFolders)
                references.AddFolder(folder, mayChange: false);
            List<string> warnings =
            [
                .. restored.Silent.Select(source => $"the source {source} does not answer; packages are looked for in the others"),
                .. wanted.Zip(taken, (w, version) => Taken(w.Id, w.Version, version)).OfType<string>(),
                .. restored.Assemblies.Select(path => references.Add(path, mayChange: false)).OfType<string>(),
            ];
            return [.. warnings, .. restored.Extensions.Where(_extensions.Add).Select(Extensions.Load).OfType<string>()];
        }
        catch (PackageRestoreException e)
        {
            var named = wanted.Find(w => e.Message.Contains(w.Id, StringComparison.OrdinalIgnoreCase)) ?? wanted[0];
            throw Wrong(named.Directive, cell, $"{named} cannot be restored: {e.Message}");
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
}
