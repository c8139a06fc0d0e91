using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Course.Base;
using Course.Jupyter.Messages;
using Course.Session.Host;

namespace Course.Jupyter.Tests;

/// <summary>The kernel as whoever starts it sees it: a process with arguments, an exit code and a log.</summary>
public sealed class KernelProgramTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("kernel-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Process Start(params string[] arguments)
    {
        string program = AppContext.BaseDirectory.Replace("Course.Jupyter.Tests", "Course.Jupyter", StringComparison.Ordinal);
        var start = new ProcessStartInfo(DotNetHost.Path, [Path.Combine(program, "Course.Jupyter.dll"), .. arguments]) { RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["JUPYTER_RUNTIME_DIR"] = Path.Combine(_folder, "runtime");
        return Process.Start(start)!;
    }

    private async Task<(int Code, string Log)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        string log = await process.StandardError.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);
        return (process.ExitCode, log);
    }

    [Theory]
    [InlineData(1, "Could not find file", "--connection-file", "absent.json")]
    [InlineData(1, "not a regular file", "--connection-file", ".")]
    [InlineData(1, "ignored the argument 'script.csx'", "--connection-file", "absent.json", "script.csx")]
    [InlineData(2, "Unknown argument '--nonsense'. Usage:", "--nonsense")]
    [InlineData(2, "Unknown argument '--connection-file'. Usage:", "--connection-file")]
    public async Task Start_WithWrongArguments_SaysWhatIsWrong_WithoutAStackTrace(int code, string message, params string[] arguments)
    {
        var (actual, log) = await RunAsync(arguments);
        Assert.Equal(code, actual);
        Assert.Contains(message, log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnATakenPort_NamesThePortAndItsChannel()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        string file = Path.Combine(_folder, "taken.json");
        (ConnectionFile.Create() with { StdinPort = port }).Write(file);
        var (code, log) = await RunAsync("--connection-file", file);
        Assert.Equal(1, code);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"cannot listen on 127.0.0.1, stdin_port {port}"), log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutAFile_WritesOneWhereJupyterLooks_AndRemovesItAtTheEnd()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("sends a signal");
            return;
        }
        using var process = Start();
        while (await process.StandardError.ReadLineAsync().WaitAsync(Limit) is { } line && !line.StartsWith("To connect another client: --existing ", StringComparison.Ordinal))
        {
        }
        string file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "runtime")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.True(ConnectionFile.Read(file, allowRemote: false).ShellPort > 0);
        using (var kill = Process.Start("kill", [process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal(0, process.ExitCode);
        Assert.False(File.Exists(file));
    }
}
