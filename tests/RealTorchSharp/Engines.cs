using Microsoft.CodeAnalysis;
using RealTorchSharp.Tests.Surface;

namespace RealTorchSharp.Tests;

/// <summary>The two assemblies that answer to the name TorchSharp.</summary>
internal static class Engines
{
    public static MetadataReference Real => RealAssembly.Instance.Reference;

    public static MetadataReference Managed { get; } = References.Ours("TorchSharp");
}
