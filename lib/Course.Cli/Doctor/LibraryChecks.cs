using System.Xml.Linq;
using Course.Cli.Engines;
using Course.Cli.Recording;
using Course.Cli.Running;

namespace Course.Cli.Doctor;

/// <summary>The engine, the notebooks' libraries, NuGet's packages and feeds.</summary>
internal static class LibraryChecks
{
    private static readonly TimeSpan FeedLimit = TimeSpan.FromSeconds(5);

    /// <summary>The engine of <c>artifacts/lib</c>; null when nothing was built.</summary>
    public static string? Built(string repository)
    {
        string file = Path.Combine(repository, "artifacts", "lib", "engine.txt");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    public static async Task<Finding> EngineAsync(string engine, string repository, CancellationToken cancel)
    {
        if (EnginePreflight.BrokenPackage(engine, PackageCache.Folder, ThisPlatform.Identifier) is { } broken)
            return Finding.Missing("engine", broken.Split('\n')[0], broken.Split('\n')[^1]);
        if (!File.Exists(Path.Combine(repository, "artifacts", $"lib-{engine}", "TorchSharp.dll")))
            return Finding.Missing("engine", $"{engine} is not built: artifacts/lib-{engine} has no TorchSharp.dll", $"dotnet build lib/Course.Serving -p:Engine={engine} -p:KeepNotebookLibraries=true");
        var probe = await EngineProbe.RunAsync(engine, repository, cancel);
        return probe.Problem is null
            ? Finding.Ok("engine", FormattableString.Invariant($"{engine} loads and multiplies two matrices, {probe.Seconds:0.0} s with the start of a session"))
            : Finding.Missing("engine", $"{engine}: {probe.Problem}", engine == EngineRequirements.Managed ? "dotnet build" : "see the line libstdc++ and GPU; or --engine managed");
    }

    public static Finding Libraries(string repository)
    {
        string folder = Path.Combine(repository, "artifacts", "lib");
        if (Built(repository) is not { } engine || !File.Exists(Path.Combine(folder, "Course.dll")))
            return Finding.Missing("artifacts/lib", "not built: notebooks find no libraries", "dotnet build");
        string[] projects = engine == EngineRequirements.Managed ? ["Course", "Course.Serving", "TorchSharp.Managed"] : ["Course", "Course.Serving"];
        foreach (string project in projects)
        {
            var built = new FileInfo(Path.Combine(folder, project == "TorchSharp.Managed" ? "TorchSharp.dll" : $"{project}.dll"));
            var newest = new DirectoryInfo(Path.Combine(repository, "lib", project)).EnumerateFiles("*.cs", SearchOption.AllDirectories).MaxBy(file => file.LastWriteTimeUtc);
            if (!built.Exists || newest?.LastWriteTimeUtc > built.LastWriteTimeUtc)
                return Finding.Optional("artifacts/lib", $"engine {engine}; {built.Name} is older than {Path.GetRelativePath(repository, newest!.FullName)}", engine == EngineRequirements.Managed ? "dotnet build" : $"dotnet build -p:Engine={engine}");
        }
        return Finding.Ok("artifacts/lib", $"engine {engine}, newer than its sources");
    }

    /// <summary>The pinned packages that every build needs, and those of the engine.</summary>
    public static Finding Packages(string engine, string repository)
    {
        var pins = XDocument.Load(Path.Combine(repository, "Directory.Packages.props")).Descendants("PackageVersion")
            .Select(pin => (Name: (string)pin.Attribute("Include")!, Version: (string)pin.Attribute("Version")!, Group: (string?)pin.Parent!.Attribute("Label"))).ToList();
        string[] wanted = engine switch { EngineRequirements.Cpu => ["TorchSharp", "TorchSharp-cpu"], EngineRequirements.Cuda => ["TorchSharp", "TorchSharp-cuda-linux"], _ => [] };
        var lacking = pins.Where(pin => wanted.Contains(pin.Name) && !Restored(pin.Name, pin.Version)).ToList();
        if (lacking.Count > 0)
            return Finding.Missing("NuGet packages", $"{lacking[0].Name} {lacking[0].Version} is not restored; download: {EngineRequirements.Download(engine)}", $"dotnet restore lib/Course.Serving -p:Engine={engine}");
        var libraries = pins.Where(pin => pin.Group == "Libraries").ToList();
        lacking = [.. libraries.Where(pin => !Restored(pin.Name, pin.Version))];
        return lacking.Count == 0
            ? Finding.Ok("NuGet packages", $"{libraries.Count + wanted.Length} pinned packages are restored in {PackageCache.Folder}")
            : Finding.Optional("NuGet packages", $"not restored: {string.Join(", ", lacking.Take(3).Select(pin => $"{pin.Name} {pin.Version}"))}{(lacking.Count > 3 ? $" and {lacking.Count - 3} more" : "")}", "dotnet restore Course.sln");
    }

    public static async Task<IReadOnlyList<Finding>> FeedsAsync(string repository, CancellationToken cancel)
    {
        const string Add = "dotnet nuget add source https://api.nuget.org/v3/index.json -n nuget.org";
        string[] sources = [.. (CommandOutput.All(EngineBuild.DotNet, ["nuget", "list", "source", "--format", "Short"], repository) ?? "")
            .Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("E ", StringComparison.Ordinal) || line.StartsWith("EM ", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(' ') + 1)..])];
        if (sources.Length == 0)
            return [Finding.Optional("NuGet feed", "no source is enabled; packages that are not restored yet cannot be", Add)];
        return await Task.WhenAll(sources.Select(async source => await ProblemAsync(source, cancel) is { } problem
            ? Finding.Optional("NuGet feed", $"{source}: {problem}", "check the network and proxy; dotnet nuget list source")
            : Finding.Ok("NuGet feed", $"{source} answers")));
    }

    private static bool Restored(string name, string version) => Directory.Exists(Path.Combine(PackageCache.Folder, name.ToLowerInvariant(), version.ToLowerInvariant()));

    private static async Task<string?> ProblemAsync(string source, CancellationToken cancel)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out var address) || address.IsFile)
            return Directory.Exists(source) ? null : "the folder does not exist";
        using var client = new HttpClient { Timeout = FeedLimit };
        try
        {
            using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
            return answer.IsSuccessStatusCode ? null : FormattableString.Invariant($"answers {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException || e is TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return e is HttpRequestException ? e.Message : "no answer within 5 s";
        }
    }
}
