using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Course.Kernel.Session.Language;
using Microsoft.CodeAnalysis;

namespace Course.Kernel.Session.Scripting;

/// <summary>
/// What cells may use: the framework, and the assemblies that <c>#r</c> adds. Compile-time references and run-time loading
/// are kept together here, so that what compiles is also found.
/// </summary>
/// <remarks>
/// Each cell's compilation looks into each of its references, and most cells need few of the framework's hundred and more.
/// So a session starts with the common ones, and takes the others when a cell does not compile without them.
/// </remarks>
sealed class References
{
    static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    static readonly string[] Common =
    [
        "System.Runtime", "System.Collections", "System.Linq", "System.Console", "System.Memory", "System.Threading", "System.Threading.Tasks.Parallel",
        "System.Runtime.InteropServices", "System.Runtime.Numerics", "System.Numerics.Vectors", "System.Text.RegularExpressions", "System.Text.Json",
    ];

    readonly Dictionary<string, PortableExecutableReference> framework;
    /// <summary>Replaced, never changed: completion reads them while a cell runs.</summary>
    MetadataReference[] own = [], used = [];
    readonly Dictionary<string, string> added = new(StringComparer.OrdinalIgnoreCase);
    readonly List<string> folders = [];
    readonly SiblingResolver siblings;

    public References()
    {
        siblings = new SiblingResolver(this);
        framework = FrameworkAssemblies().ToDictionary(p => Path.GetFileNameWithoutExtension(p)!, Reference, StringComparer.OrdinalIgnoreCase);
        used = [.. Common.Select(framework.GetValueOrDefault).OfType<MetadataReference>()];
        Add(Reference(typeof(References).Assembly.Location));
        AssemblyLoadContext.Default.Resolving += (context, name) => Find(name.Name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => FindNative(name) is { } path ? NativeLibrary.Load(path) : 0;
    }

    /// <summary>What cells are compiled with at first.</summary>
    public IReadOnlyList<MetadataReference> Used => used;

    /// <summary>Everything that a cell could use.</summary>
    public IReadOnlyList<MetadataReference> All => [.. framework.Values, .. own];

    /// <summary>A cell needed these: from now on they are among <see cref="Used"/>.</summary>
    public void Use(IEnumerable<MetadataReference> needed) => used = [.. used.Union(needed)];

    /// <summary>Finds assemblies that a referenced assembly uses, beside it.</summary>
    public MetadataReferenceResolver MissingAssemblies => siblings;

    /// <summary>Adds an assembly by its full path. Returns a warning for the reader, or null.</summary>
    /// <exception cref="BadImageFormatException">The file is no .NET assembly.</exception>
    public string? Add(string path)
    {
        var name = AssemblyName.GetAssemblyName(path).Name!;
        if (added.TryGetValue(name, out var known))
        {
            return string.Equals(known, path, StringComparison.OrdinalIgnoreCase) ? null
                : $"#r \"{path}\" is ignored: {name} is already loaded from {known}; restart to load another one";
        }
        added.Add(name, path);
        AddFolder(Path.GetDirectoryName(path)!);
        Add(Reference(path));
        return null;
    }

    void Add(MetadataReference reference)
    {
        own = [.. own, reference];
        used = [.. used, reference];
    }

    /// <summary>A folder where managed and native libraries are looked for at run time.</summary>
    public void AddFolder(string folder)
    {
        if (!folders.Contains(folder))
            folders.Add(folder);
    }

    string? Find(string? name) => name is null ? null
        : added.TryGetValue(name, out var path) ? path
        : folders.Select(f => Path.Combine(f, name + ".dll")).FirstOrDefault(File.Exists);

    string? FindNative(string name)
    {
        string[] files = OperatingSystem.IsWindows() ? [name, name + ".dll"]
            : OperatingSystem.IsMacOS() ? [name, $"lib{name}.dylib", name + ".dylib", $"lib{name}"]
            : [name, $"lib{name}.so", name + ".so", $"lib{name}"];
        var rids = AppContext.GetData("RUNTIME_IDENTIFIER") is string rid ? new[] { rid, PortableRid } : [PortableRid];
        return folders
            .SelectMany(f => rids.Select(r => Path.Combine(f, "runtimes", r, "native")).Prepend(f))
            .SelectMany(f => files.Select(n => Path.Combine(f, n)))
            .FirstOrDefault(File.Exists);
    }

    static string PortableRid =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>
    /// The SDK's reference assemblies of this runtime where they are installed: small, and with documentation; else the runtime itself.
    /// </summary>
    static IEnumerable<string> FrameworkAssemblies()
    {
        var packs = Path.GetFullPath(Path.Combine(FrameworkFolder, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var version = Environment.Version;
        var pack = !Directory.Exists(packs) ? null : Directory.EnumerateDirectories(packs, $"{version.Major}.{version.Minor}.*")
            .Select(p => Path.Combine(p, "ref", $"net{version.Major}.{version.Minor}"))
            .LastOrDefault(Directory.Exists);
        if (pack is not null)
            return Directory.EnumerateFiles(pack, "*.dll");
        var trusted = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator);
        return trusted.Where(p => Path.GetDirectoryName(p) == FrameworkFolder);
    }

    static PortableExecutableReference Reference(string path) =>
        MetadataReference.CreateFromFile(path, documentation: new XmlFileDocumentation(Path.ChangeExtension(path, ".xml")));

    sealed class SiblingResolver(References owner) : MetadataReferenceResolver
    {
        public override bool ResolveMissingAssemblies => true;

        readonly ConcurrentDictionary<string, PortableExecutableReference> resolved = new(StringComparer.OrdinalIgnoreCase);

        /// <remarks>
        /// Asked for the same names at each cell: the compiler reads an assembly again for each new reference to it.
        /// </remarks>
        public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity identity) =>
            owner.framework.TryGetValue(identity.Name, out var known) || resolved.TryGetValue(identity.Name, out known) ? known
            : (owner.Find(identity.Name) ?? SharedFrameworks.GetValueOrDefault(identity.Name)) is { } path ? resolved.GetOrAdd(identity.Name, _ => Reference(path))
            : null;

        public override System.Collections.Immutable.ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) => [];

        public override bool Equals(object? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => 0;

        /// <summary>Other shared frameworks, such as ASP.NET Core, are there at run time but not imported into cells.</summary>
        static Dictionary<string, string> SharedFrameworks => field ??= ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
            .Where(p => p.Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal))
            .ToDictionary(p => Path.GetFileNameWithoutExtension(p), StringComparer.OrdinalIgnoreCase);
    }
}
