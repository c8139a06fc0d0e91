using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RealTorchSharp.Tests;

/// <summary>The two assemblies that answer to the name TorchSharp.</summary>
internal static class Engines
{
    /// <summary>The package's, as NuGet unpacked it.</summary>
    public static MetadataReference Real { get; } = MetadataReference.CreateFromFile(
        typeof(Engines).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RealTorchSharp").Value!);

    public static MetadataReference Managed { get; } = References.Ours("TorchSharp");

    public static IAssemblySymbol AssemblyOf(MetadataReference engine) =>
        (IAssemblySymbol)CSharpCompilation.Create("engine", references: [.. References.NetCore, engine]).GetAssemblyOrModuleSymbol(engine)!;
}
