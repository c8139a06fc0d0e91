using System.Runtime.Loader;

namespace Course.Book.Building;

/// <summary>The script that draws Plotly's figures, as the package Plotly.NET embeds it.</summary>
internal static class PlotlyScript
{
    /// <summary>Null where no notebook has restored the package: then no figure needs it.</summary>
    public static string? Find()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string folder = Path.Combine(packages, "plotly.net");
        if (!Directory.Exists(folder) || Directory.GetFiles(folder, "Plotly.NET.dll", SearchOption.AllDirectories).Max() is not { } file)
            return null;
        var context = new AssemblyLoadContext("Plotly.NET", isCollectible: true);
        try
        {
            var assembly = context.LoadFromAssemblyPath(file);
            string? name = assembly.GetManifestResourceNames().FirstOrDefault(n => n.Contains("plotly", StringComparison.OrdinalIgnoreCase) && n.EndsWith(".js", StringComparison.Ordinal));
            if (name is null)
                return null;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
        finally
        {
            context.Unload();
        }
    }
}
