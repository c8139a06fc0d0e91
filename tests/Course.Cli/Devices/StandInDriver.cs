using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Course.Cli.Tests.Devices;

/// <summary>Libraries in the place of NVIDIA's driver (<c>driver.c</c>) and, in a folder of its own, of its products (<c>cublas.c</c>): for the tests of what the course says and does with them.</summary>
public sealed class StandInDriver : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("course-driver-").FullName;
    private readonly Lazy<string?> _missing;

    public StandInDriver() => _missing = new(Build);

    /// <summary>The folder of the library of products; nothing finds it that is not told of it.</summary>
    public string Products => Path.Combine(_folder, "products");

    /// <summary>The environment of a process that finds it, with settings such as <c>STANDIN_INIT=100</c>. Skips the test where it cannot be made.</summary>
    public Dictionary<string, string?> Environment(params ReadOnlySpan<string> settings)
    {
        Assert.SkipUnless(_missing.Value is null, _missing.Value ?? "");
        var environment = new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = _folder, ["COURSE_GPU"] = null, ["COURSE_CUBLAS"] = null, ["CUDA_VISIBLE_DEVICES"] = null };
        foreach (string setting in settings)
            environment[setting[..setting.IndexOf('=', StringComparison.Ordinal)]] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return environment;
    }

    /// <summary>Why there is none; null where there is.</summary>
    private string? Build()
    {
        if (!OperatingSystem.IsLinux())
            return "the driver's stand-in is made for Linux";
        try
        {
            Compile("driver.c", Path.Combine(_folder, "libcuda.so.1"));
            Compile("cublas.c", Path.Combine(Directory.CreateDirectory(Products).FullName, "libcublas.so.12"));
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "gcc is not installed, which compiles the driver's stand-in";
        }
    }

    private static void Compile(string source, string library)
    {
        using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-Wall", "-Werror", "-O1", "-shared", "-fPIC", "-o", library, Path.Combine(Here(), source)]) { RedirectStandardError = true })!;
        string said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, $"{source} does not compile: {said}");
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
