using System.Reflection;
using System.Text.Json.Nodes;
using Course.Jupyter.Messages;

namespace Course.Jupyter.Front;

/// <summary>How the kernel introduces itself.</summary>
internal static class KernelInfo
{
    public static JsonObject Reply()
    {
        string version = typeof(KernelInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "1.0.0";
        return new()
        {
            ["status"] = "ok",
            ["protocol_version"] = WireFormat.ProtocolVersion,
            ["implementation"] = "course-csharp",
            ["implementation_version"] = version,
            ["language_info"] = new JsonObject
            {
                ["name"] = "C#",
                ["version"] = "14.0",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
            ["banner"] = $"C# on .NET {Environment.Version}: the kernel of the deep-learning course, {version}",
            ["debugger"] = false,
            ["help_links"] = new JsonArray(
                Link("C# reference", "https://learn.microsoft.com/dotnet/csharp/"),
                Link(".NET API browser", "https://learn.microsoft.com/dotnet/api/")),
        };

        static JsonObject Link(string text, string url) => new() { ["text"] = text, ["url"] = url };
    }
}
