namespace Course.Kernel.Host;

/// <summary>Where the programs of a session lie.</summary>
public static class KernelLocation
{
    /// <summary>The dotnet host that runs this process.</summary>
    public static string DotNet
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            // <root>/shared/Microsoft.NETCore.App/<version>/System.Private.CoreLib.dll
            var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", name));
            return File.Exists(root) ? root : name;
        }
    }

    /// <summary>
    /// Course.Kernel as a program of its own: it has a list of its own assemblies, so that the libraries
    /// of a notebook are found in the notebook's folder and not beside ours.
    /// </summary>
    /// <exception cref="SessionStartException">It was not built or copied completely.</exception>
    public static string Kernel
    {
        get
        {
            var path = typeof(KernelLocation).Assembly.Location;
            foreach (var needed in (string[])[path, Path.ChangeExtension(path, ".runtimeconfig.json"), Path.ChangeExtension(path, ".deps.json")])
            {
                if (!File.Exists(needed))
                    throw new SessionStartException($"{needed} is missing; build again: dotnet build lib/Course.Cli. {SessionStartException.Advice}");
            }
            return path;
        }
    }
}
