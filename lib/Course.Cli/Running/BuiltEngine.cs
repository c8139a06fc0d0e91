using System.Reflection;
using Course.Session.Host;

namespace Course.Cli.Running;

/// <summary>The engine that this program and the libraries beside it were built with.</summary>
internal static class BuiltEngine
{
    public static string Name { get; } = Metadata("Engine") ?? "managed";

    /// <summary><c>TorchSharp.Managed 1.0.0+commit</c>, or <c>TorchSharp 0.107.0 with libtorch 2.10.0</c>; with what holds libtorch to less than its processor can.</summary>
    public static string Version { get; } = Name == "managed"
        ? $"TorchSharp.Managed {Engine.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}"
        : $"TorchSharp {Engine.GetName().Version?.ToString(3)} with libtorch {Metadata("libtorch")}{Held}";

    private static Assembly Engine => typeof(TorchSharp.torch).Assembly;

    private static string? Metadata(string key) =>
        typeof(BuiltEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value;

    private static string Held => Environment.GetEnvironmentVariable(HiddenCaches.Variable) is { Length: > 0 } value and not HiddenCaches.Full ? $", {HiddenCaches.Variable}={value}" : "";
}
