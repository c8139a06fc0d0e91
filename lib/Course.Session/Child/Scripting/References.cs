using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Course.Base;
using Course.Kernel.Cells;
using Course.Session.Child.Language;
using Microsoft.CodeAnalysis;

namespace Course.Session.Child.Scripting;

/// <summary>
/// What cells may use: the framework, and the assemblies that <c>#r</c> adds. Compile-time references and run-time loading
/// are kept together here, so that what compiles is also found.
/// </summary>
/// <remarks>
/// Each cell's compilation looks into each of its references, and most cells need few of the framework's hundred and more.
/// So a session starts with the common ones, and takes the others when a cell does not compile without them.
/// </remarks>
internal sealed class References
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private const string Interactive = "Microsoft.DotNet.Interactive";

    private static readonly string[] Common =
    [
        "System.Runtime", "System.Collections", "System.Linq", "System.Console", "System.Memory", "System.Threading", "System.Threading.Tasks.Parallel",
        "System.Runtime.InteropServices", "System.Runtime.Numerics", "System.Numerics.Vectors", "System.Text.RegularExpressions", "System.Text.Json",
    ];

    /// <summary>Paths by name; what the kernel brings for cells is part of the framework for them.</summary>
    private readonly Dictionary<string, string> _framework, _shipped;
    private readonly ConcurrentDictionary<string, PortableExecutableReference> _made = new(StringComparer.OrdinalIgnoreCase);
    /// <summary>Replaced, never changed: completion reads them while a cell runs.</summary>
    private MetadataReference[] _own = [], _used = [];
    private readonly Dictionary<string, (string Path, string Loaded)> _added = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Path, bool MayChange)> _folders = [];
    private readonly SiblingResolver _siblings;

    public References()
    {
        _siblings = new SiblingResolver(this);
        _shipped = ByName(ShippedAssemblies());
        _framework = ByName(FrameworkAssemblies().Concat(_shipped.Values));
        _used = [.. Common.Select(_framework.GetValueOrDefault).OfType<string>().Select(p => Reference(p))];
        Add(Reference(typeof(Guard).Assembly.Location));
        AssemblyLoadContext.Default.Resolving += (context, name) => Find(name.Name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => FindNative(name) is { } path ? NativeLibrary.Load(path) : 0;
    }

    /// <summary>What cells are compiled with at first.</summary>
    public IReadOnlyList<MetadataReference> Used => _used;

    /// <summary>Everything that a cell could use.</summary>
    public IReadOnlyList<MetadataReference> All => [.. _framework.Values.Select(p => Reference(p)), .. _own];

    /// <summary>What every cell may use without asking, beside the framework.</summary>
    public IEnumerable<MetadataReference> Shipped => _shipped.Values.Select(p => Reference(p));

    /// <summary>A cell needed these: from now on they are among <see cref="Used"/>.</summary>
    public void Use(IEnumerable<MetadataReference> needed) => _used = [.. _used.Union(needed)];

    /// <summary>Finds assemblies that a referenced assembly uses, beside it.</summary>
    public MetadataReferenceResolver MissingAssemblies => _siblings;

    /// <summary>Adds an assembly by its full path. Returns a warning for the reader, or null.</summary>
    /// <param name="mayChange">Whether it and its siblings may be built again while the session lives.</param>
    /// <exception cref="BadImageFormatException">The file is no .NET assembly.</exception>
    public string? Add(string path, bool mayChange)
    {
        string name = AssemblyName.GetAssemblyName(path).Name!;
        if (_shipped.ContainsKey(name))
            return null;
        if (_added.TryGetValue(name, out var known))
        {
            return string.Equals(known.Path, path, StringComparison.OrdinalIgnoreCase) ? null
                : $"#r \"{path}\" is ignored: {name} is already loaded from {known.Path}; restart to load another one";
        }
        string loaded = mayChange ? ShadowCopies.Of(path) : path;
        _added.Add(name, (path, loaded));
        AddFolder(Path.GetDirectoryName(path)!, mayChange);
        // Packages are written against it, and it is there for them; what cells call of it is answered by Course.Kernel.Cells.
        if (name != Interactive)
            Add(Reference(loaded, Path.ChangeExtension(path, ".xml")));
        return null;
    }

    /// <summary>Whether this is the name of an assembly, with <c>.dll</c> or without, that every cell can use.</summary>
    public bool IsOfFramework(string name) =>
        _framework.ContainsKey(name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(name) : name);

    /// <summary>Where an assembly that <c>#r</c> added lies; null when there is none of that name.</summary>
    public string? PathOf(string name) => _added.TryGetValue(name, out var known) ? known.Path : null;

    private void Add(MetadataReference reference)
    {
        _own = [.. _own, reference];
        _used = [.. _used, reference];
    }

    /// <summary>A folder where managed and native libraries are looked for at run time.</summary>
    public void AddFolder(string folder, bool mayChange)
    {
        // What notebooks load lies elsewhere than where it was built.
        if (mayChange && _folders.Count == 0)
            AppContext.SetData(CourseHooks.Libraries, folder);
        if (!_folders.Exists(f => f.Path == folder))
            _folders.Add((folder, mayChange));
    }

    private string? Find(string? name)
    {
        if (name is null)
            return null;
        if (_added.TryGetValue(name, out var known))
            return known.Loaded;
        foreach (var (folder, mayChange) in _folders)
        {
            if (Path.Combine(folder, name + ".dll") is var path && File.Exists(path))
                return mayChange ? ShadowCopies.Of(path) : path;
        }
        return null;
    }

    private string? FindNative(string name)
    {
        string[] files = OperatingSystem.IsWindows() ? [name, name + ".dll"]
            : OperatingSystem.IsMacOS() ? [name, $"lib{name}.dylib", name + ".dylib", $"lib{name}"]
            : [name, $"lib{name}.so", name + ".so", $"lib{name}"];
        string[] rids = AppContext.GetData("RUNTIME_IDENTIFIER") is string rid ? new[] { rid, PortableRid } : [PortableRid];
        return _folders
            .SelectMany(f => rids.Select(r => Path.Combine(f.Path, "runtimes", r, "native")).Prepend(f.Path))
            .SelectMany(f => files.Select(n => Path.Combine(f, n)))
            .FirstOrDefault(File.Exists);
    }

    private static string PortableRid =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>What .NET Interactive offers to every cell beside the framework, at the versions that this program runs with.</summary>
    private static IEnumerable<string> ShippedAssemblies() =>
        PlatformAssemblies.Paths.Where(path => PlatformAssemblies.Name(path) is "Microsoft.DotNet.Interactive.Formatting" or "Microsoft.AspNetCore.Html.Abstractions" or "Newtonsoft.Json");

    /// <summary>The first of each name. A program that brings its own runtime has the framework in its own folder, among them what the kernel ships.</summary>
    internal static Dictionary<string, string> ByName(IEnumerable<string> paths) =>
        paths.DistinctBy(PlatformAssemblies.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(PlatformAssemblies.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The SDK's reference assemblies of this runtime where they are installed: small, and with documentation; else the runtime itself.
    /// </summary>
    private static IEnumerable<string> FrameworkAssemblies()
    {
        string packs = Path.GetFullPath(Path.Combine(FrameworkFolder, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var version = Environment.Version;
        string? pack = !Directory.Exists(packs) ? null : Directory.EnumerateDirectories(packs, $"{version.Major}.{version.Minor}.*")
            .Select(p => Path.Combine(p, "ref", $"net{version.Major}.{version.Minor}"))
            .LastOrDefault(Directory.Exists);
        if (pack is not null)
            return Directory.EnumerateFiles(pack, "*.dll");
        return PlatformAssemblies.Paths.Where(p => Path.GetDirectoryName(p) == FrameworkFolder);
    }

    /// <remarks>One for each file: the compiler reads an assembly again for each new reference to it.</remarks>
    private PortableExecutableReference Reference(string path, string? documentation = null) =>
        _made.GetOrAdd(path, p => MetadataReference.CreateFromFile(p, documentation: new XmlFileDocumentation(documentation ?? Path.ChangeExtension(p, ".xml"))));

    private sealed class SiblingResolver(References owner) : MetadataReferenceResolver
    {
        public override bool ResolveMissingAssemblies => true;

        /// <remarks>
        /// The compiler asks for everything that a reference refers to, for every cell. What the kernel ships is left out here, and a cell
        /// that needs it is compiled with all references; the types of .NET Interactive's kernel are answered by Course.Kernel.Cells.
        /// </remarks>
        public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity identity) =>
            owner._shipped.ContainsKey(identity.Name) || identity.Name == Interactive ? null : (owner._framework.GetValueOrDefault(identity.Name) ?? owner.Find(identity.Name) ?? SharedFrameworks.GetValueOrDefault(identity.Name)) is { } path
                ? owner.Reference(path) : null;

        public override System.Collections.Immutable.ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) => [];

        public override bool Equals(object? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => 0;

        /// <summary>Other shared frameworks, such as ASP.NET Core, are there at run time but not imported into cells.</summary>
        private static Dictionary<string, string> SharedFrameworks => field ??= ByName(PlatformAssemblies.Paths.Where(p => p.Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal)));
    }
}
