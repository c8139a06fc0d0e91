using System.Reflection;

namespace Course.Cli.Running;

/// <summary>The engine that this program and the libraries beside it were built with.</summary>
internal static class BuiltEngine
{
    public static string Name { get; } = typeof(BuiltEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == "Engine")?.Value ?? "managed";
}
