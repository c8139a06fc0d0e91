using System.Diagnostics;

namespace Course.Serving.Tests;

/// <summary>Processes that die, and many that work at once.</summary>
public sealed class RegistryCrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-crash").FullName;
    private readonly string _models = Directory.CreateTempSubdirectory("registry-models").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_models, recursive: true);
    }

    private ModelRegistry Registry => new(_folder, "test");

    private string FileOf(string version, float weight)
    {
        string path = Path.Combine(_models, $"{version}-{weight}.csmodel");
        SmallModel.Of(version, weight).Save(path);
        return path;
    }

    [Theory]
    [InlineData("verified", false)]
    [InlineData("begun", false)]
    [InlineData("before commit", false)]
    [InlineData("after commit", true)]
    public async Task Promote_KilledAtAnyStep_IsDoneOrNotAndTheRegistryGoesOn(string step, bool done)
    {
        foreach (string version in new[] { "1.0.0", "1.1.0", "1.2.0" })
            Registry.Add(SmallModel.Of(version));
        Registry.Promote("1.0.0");

        using var victim = new VictimProcess("stop-at", step, _folder, "promote", "1.1.0");
        Assert.Equal($"at {step}", await victim.LineAsync());
        await victim.KillAsync();

        var back = Stopwatch.StartNew();
        Assert.Equal(done ? "1.1.0" : "1.0.0", Registry.CurrentVersion);
        Assert.Equal(done ? 5 : 4, Registry.History.Count);
        Registry.Promote("1.2.0");
        RecoveryTable.Add($"kill −9 in a promotion, {step}", done ? "the promotion is kept" : "the former version stays", back.Elapsed);
        Assert.Equal("1.2.0", Registry.CurrentVersion);
    }

    [Theory]
    [InlineData("before commit", "1.1.0")]
    [InlineData("after commit", "1.0.0")]
    public async Task RollBack_KilledAtAnyStep_IsDoneOrNot(string step, string current)
    {
        foreach (string version in new[] { "1.0.0", "1.1.0" })
        {
            Registry.Add(SmallModel.Of(version));
            Registry.Promote(version);
        }

        using var victim = new VictimProcess("stop-at", step, _folder, "rollback");
        Assert.Equal($"at {step}", await victim.LineAsync());
        await victim.KillAsync();

        Assert.Equal(current, Registry.CurrentVersion);
    }

    [Theory]
    [InlineData("file written", false)]
    [InlineData("file in place", false)]
    [InlineData("before commit", false)]
    [InlineData("after commit", true)]
    public async Task Add_KilledAtAnyStep_LeavesNoHalfVersionAndLeftoversAreSwept(string step, bool done)
    {
        Registry.Add(SmallModel.Of("1.0.0"));

        using var victim = new VictimProcess("stop-at", step, _folder, "add", FileOf("1.1.0", 2));
        Assert.Equal($"at {step}", await victim.LineAsync());
        await victim.KillAsync();

        Assert.Equal(done ? ["1.0.0", "1.1.0"] : ["1.0.0"], Registry.Versions.Select(model => model.Version));
        if (!done)
            Registry.Add(SmallModel.Of("1.1.0", 3));   // never acknowledged, so the version is still free
        Assert.Equal(done ? 2 : 3, Registry.Versions[1].Metrics["accuracy"]);
        Assert.Equal(Registry.Versions[1].Checksum, Registry.Load("1.1.0").Checksum);
        Registry.Add(SmallModel.Of("1.2.0"));
        Assert.Empty(Directory.GetFiles(_folder, "*.adding*"));
        Assert.Empty(Registry.UnregisteredFiles);
    }

    [Fact]
    public async Task Promote_KilledAgainAndAgain_LosesNothingThatWasAcknowledged()
    {
        foreach (string version in new[] { "1.0.0", "1.1.0" })
            Registry.Add(SmallModel.Of(version));
        int acknowledged = 0;
        var random = new Random(1);
        for (int kill = 1; kill <= 6; kill++)
        {
            using var victim = new VictimProcess("promote-loop", _folder, "1.0.0", "1.1.0");
            Assert.Equal("ready", await victim.LineAsync());
            // Killed at some point behind a number of promotions, whatever time they take.
            int heard = random.Next(3, 9);
            for (int i = 0; i < heard; i++)
                Assert.NotNull(await victim.LineAsync());
            acknowledged += heard + (await victim.KillAsync()).Length;
            int recorded = Registry.History.Count(line => line.Action == RegistryAction.Promote);
            // A process may find its first version in service already, and the last promotion may be done but not said.
            Assert.InRange(recorded, acknowledged - kill, acknowledged + kill);
        }
    }

    [Fact]
    public async Task Promote_ByTwoProcessesAtOnce_RecordsEveryOne()
    {
        foreach (string version in new[] { "1.0.0", "1.1.0", "1.2.0", "1.3.0" })
            Registry.Add(SmallModel.Of(version));

        using var first = new VictimProcess("promote-loop", _folder, "1.0.0", "1.1.0");
        using var second = new VictimProcess("promote-loop", _folder, "1.2.0", "1.3.0");
        Assert.Equal("ready", await first.LineAsync());
        Assert.Equal("ready", await second.LineAsync());
        const int heard = 10;
        for (int i = 0; i < heard; i++)
        {
            Assert.NotNull(await first.LineAsync());
            Assert.NotNull(await second.LineAsync());
        }
        int acknowledged = 2 * heard + (await first.KillAsync()).Length + (await second.KillAsync()).Length;

        Assert.InRange(Registry.History.Count(line => line.Action == RegistryAction.Promote), acknowledged, acknowledged + 2);
    }

    [Fact]
    public async Task Add_OfTheSameVersionsByTwoProcesses_AcceptsOneOfEach()
    {
        string[] versions = [.. Enumerable.Range(0, 8).Select(i => $"9.{i}.0")];
        using var first = new VictimProcess(["add-loop", _folder, .. versions.Select(version => FileOf(version, 1))]);
        using var second = new VictimProcess(["add-loop", _folder, .. versions.Select(version => FileOf(version, 2))]);
        Assert.Equal("ready", await first.LineAsync());
        Assert.Equal("ready", await second.LineAsync());
        first.Go();
        second.Go();
        string[] said = [.. await first.EndAsync(), .. await second.EndAsync()];

        string[] accepted = [.. said.Where(line => !line.EndsWith("refused", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(versions.Select(version => $"{version} {Registry.Load(version).Checksum}"), accepted);
        Assert.Equal(versions.Length, said.Length - accepted.Length);
    }

    [Fact]
    public async Task Feedback_OfKilledProcesses_IsKeptWhenItWasAcknowledged()
    {
        string file = Path.Combine(_folder, "feedback.db");
        var acknowledged = new List<string>();
        using var first = new VictimProcess("feedback-loop", file, "a");
        using var second = new VictimProcess("feedback-loop", file, "b");
        Assert.Equal("ready", await first.LineAsync());
        Assert.Equal("ready", await second.LineAsync());
        for (int i = 0; i < 15; i++)
            acknowledged.AddRange([(await first.LineAsync())!, (await second.LineAsync())!]);
        acknowledged.AddRange(await first.KillAsync());
        acknowledged.AddRange(await second.KillAsync());

        var kept = new SqliteFeedbackStore(file).Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        Assert.Empty(acknowledged.Except(kept.Select(feedback => feedback.RequestId)));
        Assert.InRange(kept.Count, acknowledged.Count, acknowledged.Count + 2);
        Assert.True(acknowledged.Count > 20, $"{acknowledged.Count} kept");
    }
}
