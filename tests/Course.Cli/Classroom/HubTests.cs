using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Notebooks;

namespace Course.Cli.Tests.Classroom;

/// <summary>The classroom server with three learners, as <c>course hub</c> starts it.</summary>
public sealed class HubTests(ITestOutputHelper output)
{
    private static string Repository { get; } = Checkout.Above(AppContext.BaseDirectory)!;

    [Fact]
    public async Task Hub_ThreeLearners_RunChapter00EachInTheirOwnFolder_WithinTheirLimits()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_TEST_HUB") is { Length: > 0 }, "takes two minutes: set COURSE_TEST_HUB=1");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "a classroom server needs Linux and root");
        foreach (string program in (string[])["jupyterhub", "jupyterhub-singleuser", "configurable-http-proxy"])
            Assert.SkipUnless(File.Exists($"/usr/bin/{program}"), $"there is no {program}: apt-get install jupyterhub jupyter-notebook");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(6));
        var deadline = limit.Token;
        // Not a folder of this user alone: learners must be able to enter it.
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"course-hub-{Guid.NewGuid():N}")).FullName, names = Path.Combine(folder, "names.txt");
        File.WriteAllText(names, "# the class\nada\ngrace\n\nlinus\n");
        int port = FreePort();
        using var hub = CourseProcess.Start(Repository, "hub", "--users", names, "--out", Path.Combine(folder, "hub"), "--port", $"{port}", "--memory", "1200", "--processes", "200", "notebooks/00-tensors.ipynb");
        var said = hub.StandardError.ReadToEndAsync(CancellationToken.None);
        var learners = new List<HubLearner>();
        List<int> started = [];
        try
        {
            var address = new Uri($"http://127.0.0.1:{port}/");
            for (int i = 0; i < 3; i++)
            {
                string[] line = (await hub.StandardOutput.ReadLineAsync(deadline) ?? throw new InvalidOperationException(await said)).Split('\t');
                learners.Add(new HubLearner(address, line[0], line[1]));
            }
            // What the hub logs must not fill the pipe.
            _ = hub.StandardOutput.ReadToEndAsync(CancellationToken.None);
            Assert.Equal(["ada", "grace", "linus"], learners.Select(l => l.Name));
            await AnswersAsync(address, hub, deadline);
            await using (var stranger = new HubLearner(address, "ada", "wrong"))
                await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stranger.StartAsync(deadline));

            await Task.WhenAll(learners.Select(learner => RunChapterAsync(learner, deadline)));
            var owned = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "hub", "learners.json")))!;
            string table = $"hub and proxy: {Measured(Tree(hub.Id).Where(p => Uid(p) == 0))}\n"
                + string.Concat(learners.Select(l => $"{l.Name}: {Measured(Owned((int)owned[l.Name]!["uid"]!))}\n"));
            output.WriteLine(table);
            if (Environment.GetEnvironmentVariable("COURSE_TEST_TABLE") is { Length: > 0 } file)
                File.WriteAllText(Path.GetFullPath(file, Repository), table);

            var (ada, grace) = (learners[0], learners[1]);
            foreach (var learner in learners)
                await SeesOnlyTheirOwnAsync(learner, learners.First(l => l != learner), folder, deadline);
            if (Directory.Exists("/sys/fs/cgroup/memory") || File.Exists("/sys/fs/cgroup/cgroup.controllers"))
                await KeepsToTheirMemoryAsync(ada, deadline);
            await KeepsToTheirProcessesAsync(grace, deadline);
            Assert.Equal(("ok", "42"), await TrimmedAsync(learners[2], "6 * 7", deadline));

            started = [.. Tree(hub.Id)];
            await CourseProcess.InterruptAsync(hub, "TERM");
            await hub.WaitForExitAsync(deadline);
            // The hub may need longer than the command for the servers of all.
            while (started.Any(Lives) || learners.Any(l => Owned((int)owned[l.Name]!["uid"]!).Count > 0))
                await Task.Delay(100, deadline);
        }
        finally
        {
            if (!hub.HasExited)
                hub.Kill(entireProcessTree: true);
            foreach (int process in started.Where(Lives))
                Process.GetProcessById(process).Kill();
            foreach (var learner in learners)
                await learner.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            output.WriteLine(await said);
        }
    }

    private static async Task RunChapterAsync(HubLearner learner, CancellationToken deadline)
    {
        await learner.StartAsync(deadline);
        await learner.OpenKernelAsync(deadline);
        string source = (await learner.GetAsync($"user/{learner.Name}/api/contents/00-tensors.ipynb"))["content"]!.ToJsonString();
        foreach (var cell in Notebook.Parse(source, "00-tensors.ipynb").Cells.Where(c => c.IsCode && c.Language == "csharp"))
        {
            var (status, text) = await learner.RunAsync(cell.Source, deadline);
            Assert.True(status == "ok" || cell.HasTag("raises-exception"), $"{learner.Name}: cell {cell.Id}: {text}");
        }
    }

    private static async Task SeesOnlyTheirOwnAsync(HubLearner learner, HubLearner other, string folder, CancellationToken deadline)
    {
        string theirs = Path.Combine(folder, "hub", "learners", other.Name, "notebooks", "00-tensors.ipynb"), course = Path.Combine(folder, "hub", "course", "notebooks");
        Assert.Equal(("ok", "False"), await TrimmedAsync(learner, $"System.IO.File.Exists(\"{theirs}\")", deadline));
        foreach (string forbidden in (string[])[$"System.IO.File.WriteAllText(\"{course}/mine.txt\", \"\")", $"System.IO.File.ReadAllText(\"{folder}/hub/learners.json\")", "System.IO.File.WriteAllText(\"../artifacts/lib/Course.dll\", \"\")"])
        {
            var (status, text) = await learner.RunAsync(forbidden, deadline);
            Assert.True(status == "error" && text.Contains("UnauthorizedAccess", StringComparison.Ordinal), $"{learner.Name}: {forbidden}: {status} {text}");
        }
        Assert.Equal(("ok", $"{learner.Name}"), await TrimmedAsync(learner, $"System.IO.File.WriteAllText(\"mine.txt\", \"{learner.Name}\");\nSystem.IO.File.ReadAllText(\"mine.txt\")", deadline));
        Assert.Equal(HttpStatusCode.OK, await learner.StatusAsync($"user/{learner.Name}/api/contents/mine.txt"));
        Assert.NotEqual(HttpStatusCode.OK, await learner.StatusAsync($"user/{other.Name}/api/contents/mine.txt"));
    }

    private static async Task KeepsToTheirMemoryAsync(HubLearner learner, CancellationToken deadline)
    {
        var (status, text) = await learner.RunAsync("var hog = new List<byte[]>(); for (int i = 0; i < 40; i++) { hog.Add(new byte[100_000_000]); Array.Fill(hog[^1], (byte)1); }", deadline);
        Assert.True(status == "error", $"{learner.Name} took four gigabytes: {text}");
        Assert.Equal(("ok", "2"), await TrimmedAsync(learner, "1 + 1", deadline));
    }

    private static async Task KeepsToTheirProcessesAsync(HubLearner learner, CancellationToken deadline)
    {
        var (status, text) = await learner.RunAsync("for (int i = 0; i < 400; i++) System.Diagnostics.Process.Start(\"sleep\", \"100\");", deadline);
        Assert.True(status == "error", $"{learner.Name} started 400 processes: {text}");
    }

    private static async Task<(string Status, string Text)> TrimmedAsync(HubLearner learner, string code, CancellationToken deadline)
    {
        var (status, text) = await learner.RunAsync(code, deadline);
        return (status, text.Trim());
    }

    private static async Task AnswersAsync(Uri address, Process hub, CancellationToken deadline)
    {
        using var client = new HttpClient();
        while (true)
        {
            Assert.False(hub.HasExited, "the hub ended");
            try
            {
                using var answer = await client.GetAsync(new Uri(address, "hub/login"), deadline);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(200, deadline);
        }
    }

    /// <summary>Three ports in a row, of which none is taken now.</summary>
    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 32_000);
            try
            {
                for (int i = 0; i < 3; i++)
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port + i);
                    listener.Start();
                }
                return port;
            }
            catch (SocketException)
            {
                // One of them is taken: try others.
            }
        }
    }

    private static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, CultureInfo.InvariantCulture));

    private static string[] Status(int process)
    {
        try
        {
            return File.ReadAllLines($"/proc/{process}/status");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static int Field(int process, string name) =>
        Status(process).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line ? int.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture) : -1;

    private static bool Lives(int process) => Status(process).Any(l => l.StartsWith("State:", StringComparison.Ordinal) && !l.Contains('Z'));

    private static int Uid(int process) => Field(process, "Uid:");

    private static List<int> Owned(int uid) => [.. Processes().Where(p => Uid(p) == uid)];

    private static IEnumerable<int> Tree(int root)
    {
        var parents = Processes().Select(p => (Id: p, Parent: Field(p, "PPid:"))).ToList();
        IEnumerable<int> Below(int process) => parents.Where(p => p.Parent == process).SelectMany(p => Below(p.Id).Prepend(p.Id));
        return Below(root);
    }

    /// <summary>Proportional memory, so that what processes share is counted once, by program.</summary>
    private static string Measured(IEnumerable<int> processes)
    {
        var found = processes.Select(p => (Command: File.ReadAllText($"/proc/{p}/cmdline").Replace('\0', ' ').Trim(),
            Megabytes: File.ReadLines($"/proc/{p}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])).ToList();
        return $"{found.Sum(p => double.Parse(p.Megabytes, CultureInfo.InvariantCulture)) / 1024:0} MB: "
            + string.Join("; ", found.Select(p => $"{double.Parse(p.Megabytes, CultureInfo.InvariantCulture) / 1024:0} {p.Command[..Math.Min(70, p.Command.Length)]}"));
    }
}
