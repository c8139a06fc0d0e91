namespace Course.Cli.Tests.Commands;

public sealed class KernelCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("course-kernel-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("install")]
    [InlineData("list")]
    [InlineData("uninstall")]
    [InlineData("start")]
    public async Task Help_OfEachCommand_ShowsAnExample(string command)
    {
        var (code, output, _) = await CourseProcess.RunAsync(_folder, "kernel", command, "--help");
        Assert.Equal(0, code);
        Assert.Contains($"Example: course kernel {command}", output);
    }

    [Theory]
    [InlineData(1, "is not installed", "kernel", "uninstall", "--prefix", "FOLDER")]
    [InlineData(1, "No kernel is called 'absent'", "kernel", "uninstall", "--name", "absent", "--prefix", "FOLDER")]
    [InlineData(1, "Could not find file", "kernel", "start", "--connection-file", "absent.json")]
    public async Task WhatIsNotThere_ExitsWithOne_AndIsNamed(int code, string message, params string[] arguments)
    {
        var (actual, _, error) = await CourseProcess.RunAsync(_folder, [.. arguments.Select(a => a.Replace("FOLDER", _folder))]);
        Assert.Equal(code, actual);
        Assert.Contains(message, error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task Terminate_EndsTheBench_WithoutAFaultOfOurOwn()
    {
        CourseProcess.RequireSignal(15, "SIGTERM");
        using var process = CourseProcess.Start(_folder, "bench", "kernel", "--runs", "1");
        while (await process.StandardError.ReadLineAsync().WaitAsync(Limit) is { } line && !line.Contains("Publishing", StringComparison.Ordinal))
        {
        }
        var said = process.StandardError.ReadToEndAsync();
        await CourseProcess.InterruptAsync(process, "TERM");
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal("", await said.WaitAsync(Limit));
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public async Task CtrlC_EndsTheKernelThatAPersonStarted_WithItsSessionAndItsFile()
    {
        CourseProcess.RequireInterrupts();
        using var process = CourseProcess.Start(_folder, "kernel", "start");
        while (await process.StandardError.ReadLineAsync().WaitAsync(Limit) is { } line && !line.Contains("--existing", StringComparison.Ordinal))
        {
        }
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "runtime")));
        await CourseProcess.InterruptAsync(process);
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal(130, process.ExitCode);
        Assert.False(File.Exists(file));
        // The session holds our pipe as long as it lives.
        await process.StandardError.ReadToEndAsync().WaitAsync(Limit);
    }
}
