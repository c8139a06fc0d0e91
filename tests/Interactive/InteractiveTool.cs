using System.Diagnostics;
using Course.Base;
using Course.Session.Host;

namespace Course.Interactive.Tests;

/// <summary>Microsoft's tool dotnet-interactive with its Jupyter kernels, installed once below artifacts/.</summary>
internal static class InteractiveTool
{
    private const string Version = "1.0.712001";
    private static readonly string Folder = RepositoryFiles.PathOf("artifacts", "dotnet-interactive", Version);

    /// <summary>Where Jupyter finds the kernels.</summary>
    private static string Jupyter => Path.Combine(Folder, "jupyter");

    /// <summary>Executes a notebook in its own folder through the kernel .net-csharp and writes the executed copy.</summary>
    public static async Task ExecuteAsync(string notebook, string copy)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        await RunAsync("/usr/bin/python3", [RepositoryFiles.PathOf("tests", "jupyter", "execute.py"), notebook, copy, ".net-csharp"], TimeSpan.FromMinutes(10));
    }

    /// <summary>Why notebooks cannot run through it here; null when they can.</summary>
    public static async Task<string?> MissingAsync()
    {
        if (!File.Exists("/usr/bin/python3"))
            return "/usr/bin/python3 does not exist";
        try
        {
            await RunAsync("/usr/bin/python3", ["-c", "import nbclient"], TimeSpan.FromMinutes(1));
        }
        catch (InvalidOperationException)
        {
            return "/usr/bin/python3 cannot import nbclient; install python3-nbclient";
        }
        try
        {
            await InstallAsync();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"the tool dotnet-interactive {Version} cannot be installed here: {e.Message}";
        }
    }

    private static async Task InstallAsync()
    {
        if (Directory.Exists(Path.Combine(Jupyter, "kernels", ".net-csharp")))
            return;
        Directory.CreateDirectory(Folder);
        if (!File.Exists(Path.Combine(Folder, "dotnet-interactive")))
            await RunAsync(DotNetHost.Path, ["tool", "install", "Microsoft.dotnet-interactive", "--version", Version, "--tool-path", Folder], TimeSpan.FromMinutes(5));
        // It writes its three kernels into the folder itself, where Jupyter wants them in a folder kernels/.
        var kernels = Directory.CreateDirectory(Path.Combine(Folder, "installed"));
        await RunAsync(Path.Combine(Folder, "dotnet-interactive"), ["jupyter", "install", "--path", kernels.FullName], TimeSpan.FromMinutes(2));
        Directory.CreateDirectory(Jupyter);
        Directory.Move(kernels.FullName, Path.Combine(Jupyter, "kernels"));
    }

    /// <exception cref="InvalidOperationException">It failed or took too long; with what it printed.</exception>
    private static async Task RunAsync(string program, string[] arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = Folder + Path.PathSeparator + start.Environment["PATH"];
        start.Environment["JUPYTER_PATH"] = Jupyter;
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["COURSE_PROFILE"] = "quick";
        start.Environment["COURSE_DOWNLOAD"] = "never";
        if (Environment.GetEnvironmentVariable("COURSE_DATA") is { Length: > 0 } data)
            start.Environment["COURSE_DATA"] = string.Join(Path.PathSeparator, data.Split(Path.PathSeparator).Select(d => Path.GetFullPath(d, RepositoryFiles.Root)));
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{Path.GetFileName(program)} did not end within {limit.TotalMinutes:0} minutes");
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileName(program)} {arguments[0]} ended with {process.ExitCode}: {await output} {await errors}");
    }
}
