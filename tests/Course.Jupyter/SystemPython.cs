using System.Collections.Concurrent;
using System.Diagnostics;
using Course.Base;

namespace Course.Jupyter.Tests;

/// <summary>The system's own Python with Debian's packages, which hold the peers that our protocol is tested against.</summary>
internal static class SystemPython
{
    private const string Interpreter = "/usr/bin/python3";
    private static readonly ConcurrentDictionary<string, string?> Missing = new();

    /// <summary>Skips the running test when a module is missing, and says which Debian package has it.</summary>
    public static void Require(string modules, string packages)
    {
        string? reason = Missing.GetOrAdd(modules, m =>
        {
            if (!File.Exists(Interpreter))
                return $"{Interpreter} does not exist";
            using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", $"import {m}"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{Interpreter} cannot import {m}; install {packages}";
        });
        Assert.SkipWhen(reason is not null, reason ?? "");
    }

    public static Process Start(string script, params string[] arguments) => Start(script, [], arguments);

    public static Process Start(string script, Dictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Interpreter, [Script(script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["PYTHONUNBUFFERED"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a script to its end; a script that fails fails the test with what it printed.</summary>
    public static Task<string> RunAsync(string script, TimeSpan limit, params string[] arguments) => RunAsync(script, limit, [], arguments);

    public static async Task<string> RunAsync(string script, TimeSpan limit, Dictionary<string, string> environment, string[] arguments)
    {
        using var process = Start(script, environment, arguments);
        return await FinishAsync(process, script, limit);
    }

    public static async Task<string> FinishAsync(Process process, string name, TimeSpan limit)
    {
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{name} did not end within {limit.TotalSeconds:0} s:\n{await output}\n{await errors}");
        }
        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }

    public static string Script(string name) => Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "tests", "jupyter", name);
}
