namespace Course.Serving.Tests;

public sealed class ExperimentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("experiments").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Assignment_IsStickyAndDividesAsAsked()
    {
        string[] users = [.. Enumerable.Range(0, 10_000).Select(i => $"user {i}")];
        var tenth = new Assignment("a", 0.1);

        Assert.Equal(users.Select(tenth.IsNew), users.Select(new Assignment("a", 0.1).IsNew));
        Assert.InRange(users.Count(tenth.IsNew), 880, 1120);   // ±4 standard deviations
        var half = new Assignment("a", 0.5);
        Assert.All(users.Where(tenth.IsNew), user => Assert.True(half.IsNew(user)));
        var other = new Assignment("b", 0.5);
        Assert.InRange(users.Count(user => half.IsNew(user) && other.IsNew(user)), 2320, 2680);
    }

    private static double Found(double rate1, double rate2, int users, int runs, double share = 0.5) => Enumerable.Range(0, runs).Average(run =>
    {
        var random = new Random(run);
        var test = new SequentialTest();
        for (int i = 0; i < users; i++)
        {
            bool second = random.NextDouble() < share;
            test.Add(second, random.NextDouble() < (second ? rate2 : rate1));
        }
        return test.P < 0.05 ? 1.0 : 0;
    });

    [Fact]
    public void SequentialTest_LookedAtAfterEveryUser_KeepsItsPromise()
    {
        Assert.InRange(Found(0.88, 0.88, users: 4000, runs: 400), 0, 0.05);
        Assert.InRange(Found(0.5, 0.5, users: 4000, runs: 400, share: 0.1), 0, 0.05);
        Assert.InRange(Found(0.88, 0.80, users: 4000, runs: 100), 0.95, 1);
    }

    private CanaryRelease Released(string version)
    {
        var registry = new ModelRegistry(Path.Combine(_folder, version));
        registry.Add(SmallModel.Of("1.0.0"));
        registry.Add(SmallModel.Of(version));
        registry.Promote("1.0.0");
        return new CanaryRelease(registry, version, share: 0.2, users: 400);
    }

    private static int Serve(CanaryRelease canary, double rateOld, double rateNew, int users, int seed = 1)
    {
        var random = new Random(seed);
        for (int i = 0; i < users; i++)
        {
            string version = canary.VersionFor($"user {i}");
            if (canary.Record(version, random.NextDouble() < (version == canary.New ? rateNew : rateOld)) != CanaryState.Watched)
                return i + 1;
        }
        return users;
    }

    [Fact]
    public void Canary_ThatIsWorse_IsRolledBackByItself()
    {
        var canary = Released("2.0.0");
        Assert.Equal("2.0.0", new ModelRegistry(Path.Combine(_folder, "2.0.0")).CurrentVersion);

        int users = Serve(canary, 0.95, 0.6, 3000);

        Assert.Equal(CanaryState.Withdrawn, canary.State);
        Assert.InRange(users, 100, 1500);
        Assert.Equal("1.0.0", new ModelRegistry(Path.Combine(_folder, "2.0.0")).CurrentVersion);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal("1.0.0", canary.VersionFor($"user {i}")));
    }

    [Fact]
    public void Canary_ThatIsAsGoodOrBetter_PassesAndStays()
    {
        foreach (var (version, rate) in new[] { ("2.1.0", 0.95), ("2.2.0", 0.999) })
        {
            var canary = Released(version);
            Serve(canary, 0.95, rate, 4000);
            Assert.Equal(CanaryState.Passed, canary.State);
            Assert.Equal(version, new ModelRegistry(Path.Combine(_folder, version)).CurrentVersion);
            Assert.Equal(version, canary.VersionFor("anybody"));
        }
    }

    [Fact]
    public void Gate_ComparesWithTheVersionInServiceNotWithAnEarlierOne()
    {
        var registry = new ModelRegistry(Path.Combine(_folder, "gate"));
        registry.Add(SmallModel.Of("1.0.0", 0.5f));
        registry.Promote("1.0.0");
        // A weight of w gets the first share w of a thousand examples right.
        var gate = new PromotionGate(registry, model => [.. Enumerable.Range(0, 1000).Select(i => i < 1000 * model.Info.Metrics["accuracy"])]);

        Assert.True(gate.Propose(SmallModel.Of("1.1.0", 0.75f)).Promoted);
        var second = gate.Propose(SmallModel.Of("1.2.0", 0.7f));   // better than 1.0.0, worse than 1.1.0

        Assert.False(second.Promoted);
        Assert.Equal("1.1.0", second.Against);
        Assert.False(gate.Propose(SmallModel.Of("1.3.0", 0.753f)).Promoted);   // three examples are chance
        Assert.False(gate.Propose(SmallModel.Of("1.4.0", 0.9f), () => false).Promoted);
        Assert.Equal("1.1.0", registry.CurrentVersion);
        Assert.Equal(2, registry.Versions.Count);
        Assert.Throws<InvalidOperationException>(() => registry.Promote("1.0.0", insteadOf: "1.2.0"));
    }

    [Fact]
    public void RetrainingProposal_CountsTheCorrectionsOfOneVersion()
    {
        var store = new SqliteFeedbackStore(Path.Combine(_folder, "feedback.db"));
        for (int i = 0; i < 20; i++)
            store.Append(new($"r{i}", i < 15 ? "1.0.0" : "0.9.0", "7", i % 3 == 2 ? "7" : "1"));

        var proposal = RetrainingProposal.From(store, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, "1.0.0", answers: 100, expected: 0.04);

        Assert.Equal(10, proposal.Corrections.Count);
        Assert.Equal((10 - 4) / Math.Sqrt(100 * 0.04 * 0.96), proposal.Excess, 1e-9);
        Assert.False(proposal.IsDue);   // 3.06 standard deviations, which one quiet window in 146 has
    }

    /// <summary>Of 100 answers with 0.3 wrong ones expected: 1 − 0.997¹⁰⁰ − 100 · 0.003 · 0.997⁹⁹ is the chance of two or more.</summary>
    [Theory, InlineData(2, 0.03670202, false), InlineData(4, 0.00025247, true)]
    public void RetrainingProposal_ForFewExpectedCorrections_AsksTheExactDistribution(int wrong, double chance, bool due)
    {
        var store = new SqliteFeedbackStore(Path.Combine(_folder, "feedback.db"));
        for (int i = 0; i < wrong; i++)
            store.Append(new($"r{i}", "1.0.0", "7", "1"));

        var proposal = RetrainingProposal.From(store, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, "1.0.0", answers: 100, expected: 0.003);

        Assert.True(proposal.Excess > 3);
        Assert.Equal(chance, proposal.Chance, 1e-6);
        Assert.Equal(due, proposal.IsDue);
    }
}
