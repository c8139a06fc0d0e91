using System.Globalization;
using Course.Base;
using Course.Runner.Tests;
using Course.Session.Child.Scripting;
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

    /// <summary>Such a runtime has no reference assemblies: cells are compiled against the runtime's own.</summary>
    [Fact]
    public async Task ASession_OfARuntimeWithoutAnSdk_RunsCells()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "chooses another runtime by a line of sh");
        string installed = Path.GetDirectoryName(DotNetHost.Path)!, bare = Path.Combine(_folder.Path, "bare");
        foreach (string folder in new[] { "host", "shared" })
            foreach (string file in Directory.EnumerateFiles(Path.Combine(installed, folder), "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(bare, Path.GetRelativePath(installed, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        File.Copy(DotNetHost.Path, Path.Combine(bare, "dotnet"));
        var options = new SessionOptions { WorkingDirectory = _folder.Path, Launcher = ["sh", "-c", $"shift; exec '{bare}/dotnet' \"$@\"", "sh"] };
        await using var session = await SessionProcess.StartAsync(options, TestContext.Current.CancellationToken);
        var outputs = new List<CellOutput>();

        const string Code = """
            $"{typeof(object).Assembly.Location} sum {Newtonsoft.Json.Linq.JArray.Parse("[1, 2]").Sum(n => (int)n)}"
            """;
        var result = await session.ExecuteAsync(new CellRequest(Code, "cell[0]"), outputs.Add);

        Assert.Equal(CellStatus.Ok, result.Status);
        string value = (string)Assert.Single(outputs.OfType<ExecuteResult>()).Data["text/plain"]!;
        Assert.Contains(bare, value);
        Assert.Contains("sum 3", value);
    }

    [Fact]
    public void Assemblies_ThatTheHostNamesTwice_AreTakenOnce()
    {
        string list = string.Join(Path.PathSeparator, "/app/Newtonsoft.Json.dll", "/net/System.Private.CoreLib.dll", "/net/libclrjit.so", "/net/System.Runtime.dll", "/net/System.Private.CoreLib.dll", "");

        Assert.Equal(["/app/Newtonsoft.Json.dll", "/net/System.Private.CoreLib.dll", "/net/System.Runtime.dll"], PlatformAssemblies.Parse(list));
        Assert.Empty(PlatformAssemblies.Parse(null));
        // Everything in one folder: the program's, the framework's, and what the kernel ships, which is both.
        Assert.Equal("/app/Newtonsoft.Json.dll", References.ByName(["/app/Newtonsoft.Json.dll", "/app/System.Runtime.dll", "/app/newtonsoft.json.dll"])["Newtonsoft.Json"]);
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
