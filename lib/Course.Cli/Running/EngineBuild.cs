using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Course.Cli.Running;

/// <summary>Builds the notebooks' libraries with another engine.</summary>
internal static partial class EngineBuild
{
    /// <summary>False, with one line on standard error, when the engine cannot be had.</summary>
    public static async Task<bool> RunAsync(string engine, string? repository, CancellationToken cancel)
    {
        if (repository is null)
            throw new WrongUseException($"--engine {engine} builds the repository's libraries; run it inside the repository.");
        Console.Error.WriteLine($"Building the libraries with engine {engine} …");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet")
        {
            ArgumentList = { "build", Path.Combine(repository, "lib", "Course.Serving"), $"-p:Engine={engine}", "-p:KeepNotebookLibraries=true", "-v", "quiet", "--nologo" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode == 0)
                return true;
            Console.Error.WriteLine($"course: {Complaint(engine, await output + await error)}");
            return false;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    internal static string Complaint(string engine, string output)
    {
        if (MissingPackage().Match(output) is { Success: true } missing)
            return $"engine {engine} needs package {missing.Groups["id"].Value}{missing.Groups["version"].Value}, which cannot be restored here ({missing.Groups["code"].Value}). Check the network and `dotnet nuget list source`, or use --engine managed, which needs no package.";
        return $"the build with engine {engine} failed: {(AnyError().Match(output) is { Success: true } error ? error.Value.Trim() : "see `dotnet build lib/Course.Serving -p:Engine=" + engine + "`")}";
    }

    [GeneratedRegex(@"error (?<code>NU\d+)\b[^\r\n]*?(find package |\bbut )(?<id>(TorchSharp|libtorch)([\w.-]*\w)?)(?<version> \d[\w.-]*)?(?= was not found|[ .])", RegexOptions.IgnoreCase)]
    private static partial Regex MissingPackage();

    [GeneratedRegex(@"error [A-Z]+\d+: [^\r\n\[]+")]
    private static partial Regex AnyError();
}
