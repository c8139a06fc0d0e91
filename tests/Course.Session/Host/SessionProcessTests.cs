using System.Globalization;
using Course.Runner.Tests;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Session.Tests;

public sealed class SessionProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AChildThatLeftItsSessionsGroup_EndsWithIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds processes by /proc");
        await using var session = await SessionProcess.StartAsync(new SessionOptions { WorkingDirectory = _folder.Path }, TestContext.Current.CancellationToken);
        const string code = """
            System.Diagnostics.Process.Start("setsid", "-f sh -c \"echo $$ > child.part; mv child.part child; exec sleep 600\"").WaitForExit();
            """;
        Assert.Equal(CellStatus.Ok, (await session.ExecuteAsync(new CellRequest(code, "cell[0]"), _ => { })).Status);
        string file = Path.Combine(_folder.Path, "child");
        await EventuallyAsync(() => File.Exists(file));
        int child = int.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        Assert.True(Runs(child));

        await session.ShutdownAsync();
        await EventuallyAsync(() => !Runs(child));
    }

    [Fact]
    public async Task ASessionThatDiesAfterConnecting_SaysWhatOf()
    {
        var tooLittle = new SessionOptions { WorkingDirectory = _folder.Path, MemoryLimit = 30 << 20 };
        var refusal = await Assert.ThrowsAsync<SessionStartException>(() => SessionProcess.StartAsync(tooLittle, TestContext.Current.CancellationToken));
        Assert.Contains("memory limit of 30 MB", refusal.Message);
    }

    /// <summary>A process that has ended and that nobody waited for has no command line.</summary>
    private static bool Runs(int id)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
            await Task.Delay(20, limit.Token);
    }
}
