using System.Reflection;

namespace TorchSharp.Managed.Tests.Surface;

/// <summary>Whatever our assembly offers, the real TorchSharp offers too: code that compiles against ours compiles against the package.</summary>
public sealed class SurfaceTests : IDisposable
{
    private readonly MetadataLoadContext _ours = Context(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll")), _real = Context(RealPath);

    private static string RealPath => typeof(SurfaceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RealTorchSharp").Value!;

    public void Dispose()
    {
        _ours.Dispose();
        _real.Dispose();
    }

    [Fact]
    public void Members_OfOurAssembly_AreAllInTheRealPackage()
    {
        var real = _real.LoadFromAssemblyName("TorchSharp");
        Assert.True(real.GetType("TorchSharp.torch") is not null && real.GetReferencedAssemblies().Any(name => name.Name == "SkiaSharp"), $"{RealPath} is not the real package");
        string[] differences = [.. Visible(_ours.LoadFromAssemblyName("TorchSharp")).SelectMany(type => Comparison.Differences(type, real.GetType(type.FullName!))).Order(StringComparer.Ordinal)];
        Assert.True(differences.Length == 0, $"{differences.Length} differences from {RealPath}:\n" + string.Join('\n', differences));
    }

    [Fact]
    public void Types_OfOurAssembly_LieInANamespaceOfTorchSharp() =>
        Assert.Empty(Visible(_ours.LoadFromAssemblyName("TorchSharp")).Where(type => type.Namespace?.StartsWith("TorchSharp", StringComparison.Ordinal) != true).Select(type => type.FullName));

    private static IEnumerable<Type> Visible(Assembly assembly) => assembly.GetTypes().Where(IsVisible);

    private static bool IsVisible(Type type) =>
        type.DeclaringType is { } outer ? IsVisible(outer) && (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) : type.IsPublic;

    /// <summary>Reads an assembly without loading it to run: its native library is not needed.</summary>
    private static MetadataLoadContext Context(string path)
    {
        IEnumerable<string> trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        return new(new PathAssemblyResolver(trusted.Where(other => Path.GetFileName(other) != "TorchSharp.dll").Append(path)));
    }
}
