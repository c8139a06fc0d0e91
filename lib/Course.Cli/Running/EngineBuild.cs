using System.Text.RegularExpressions;
using Course.Base;
using Course.Cli.Engines;

namespace Course.Cli.Running;

/// <summary>Builds a project of the repository with another engine, beside what is built with this one.</summary>
internal static partial class EngineBuild
{
    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Builds the notebooks' libraries; false, with one line on standard error, when the engine cannot be had.</summary>
    public static async Task<bool> RunAsync(string engine, string? repository, CancellationToken cancel)
    {
        if (repository is null)
            throw new WrongUseException($"--engine {engine} builds the repository's libraries; run it inside the repository.");
        if (await ComplaintAsync(engine, repository, "Course.Serving", cancel) is not { } complaint)
            return true;
        Console.Error.WriteLine($"course: {complaint}");
        return false;
    }

    /// <summary>Builds one of the projects of <c>lib/</c>; one line when the engine cannot be had, else null.</summary>
    public static async Task<string?> ComplaintAsync(string engine, string repository, string project, CancellationToken cancel)
    {
        Console.Error.WriteLine($"Building {project} with engine {engine} …");
        string[] arguments = ["build", Path.Combine(repository, "lib", project), $"-p:Engine={engine}", "-p:KeepNotebookLibraries=true", "-v", "quiet", "--nologo"];
        var build = await ProcessRun.ToEndAsync(DotNet, arguments, environment: new Dictionary<string, string?> { ["DOTNET_CLI_UI_LANGUAGE"] = "en" }, cancel: cancel);
        return build.ExitCode == 0 ? null : Complaint(engine, project, build.Output + build.Error);
    }

    internal static string Complaint(string engine, string project, string output)
    {
        if (MissingPackage().Match(output) is { Success: true } missing)
            return $"engine {engine} needs package {missing.Groups["id"].Value}{missing.Groups["version"].Value}, which cannot be restored here ({missing.Groups["code"].Value}); it downloads {EngineRequirements.Download(engine)}. Check the network and `dotnet nuget list source`, or use --engine managed, which needs no package.";
        return $"the build with engine {engine} failed: {(AnyError().Match(output) is { Success: true } error ? error.Value.Trim() : "see `dotnet build lib/" + project + " -p:Engine=" + engine + "`")}";
    }

    [GeneratedRegex(@"error (?<code>NU\d+)\b[^\r\n]*?(find package |\bbut )(?<id>(TorchSharp|libtorch)([\w.-]*\w)?)(?<version> \d[\w.-]*)?(?= was not found|[ .])", RegexOptions.IgnoreCase)]
    private static partial Regex MissingPackage();

    [GeneratedRegex(@"error [A-Z]+\d+: [^\r\n\[]+")]
    private static partial Regex AnyError();
}
