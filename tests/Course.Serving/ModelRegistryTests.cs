namespace Course.Serving.Tests;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ModelRegistry Registry => new(_folder);

    private static ModelArtefact Model(string version, float weight = 1) => SmallModel.Of(version, weight);

    [Fact]
    public void Promote_PutsAVersionIntoServiceAndRollBackTakesItOut()
    {
        Registry.Add(Model("1.0.0"));
        Registry.Add(Model("1.1.0", 2));
        Assert.Null(Registry.CurrentVersion);

        Registry.Promote("1.0.0");
        Registry.Promote("1.1.0");
        Assert.Equal("1.1.0", Registry.CurrentVersion);

        Assert.Equal("1.0.0", Registry.RollBack());
        Assert.Equal(["1.0.0"], Registry.Versions.Where(model => model.IsCurrent).Select(model => model.Version));
        Assert.Equal([1.0, 2.0], Registry.Versions.Select(model => model.Metrics["accuracy"]));
    }

    [Fact]
    public void Add_AnotherContentUnderTheSameVersion_IsRefused()
    {
        Registry.Add(Model("1.0.0"));
        Registry.Add(Model("1.0.0"));

        var fault = Assert.Throws<InvalidOperationException>(() => Registry.Add(Model("1.0.0", 2)));

        Assert.Contains("another content", fault.Message);
        Assert.Equal(Model("1.0.0").Checksum, Registry.Load("1.0.0").Checksum);
    }

    [Fact]
    public void Promote_ADamagedVersion_LeavesTheOldOneInService()
    {
        Registry.Add(Model("1.0.0"));
        Registry.Add(Model("1.1.0"));
        Registry.Promote("1.0.0");
        string file = Path.Combine(_folder, "1.1.0.csmodel");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^40] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.Throws<ArtefactException>(() => Registry.Promote("1.1.0"));

        Assert.Equal("1.0.0", Registry.CurrentVersion);
    }

    [Fact]
    public void Promote_AnUnknownVersion_ListsTheKnownOnes()
    {
        Registry.Add(Model("1.0.0"));

        Assert.Contains("It has: 1.0.0", Assert.Throws<InvalidOperationException>(() => Registry.Promote("9.9.9")).Message);
    }

    [Fact]
    public void RollBack_WithoutAnEarlierVersion_SaysSo()
    {
        Registry.Add(Model("1.0.0"));
        Registry.Promote("1.0.0");

        Assert.Throws<InvalidOperationException>(() => Registry.RollBack());
        Assert.Equal("1.0.0", Registry.CurrentVersion);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("..")]
    public void Load_WithAVersionThatIsAPath_IsRefused(string version) => Assert.Throws<ArgumentException>(() => Registry.Load(version));

    [Fact]
    public void History_SaysWhoDidWhatAndWhen()
    {
        var registry = new ModelRegistry(_folder, "ada");
        var before = DateTimeOffset.UtcNow;
        registry.Add(Model("1.0.0"));
        registry.Add(Model("1.1.0"));
        registry.Promote("1.0.0");
        new ModelRegistry(_folder, "grace").Promote("1.1.0");
        registry.Promote("1.1.0");   // it is there already: nothing happens
        registry.RollBack();

        Assert.Equal(["Add 1.0.0 ada", "Add 1.1.0 ada", "Promote 1.0.0 ada", "Promote 1.1.0 grace", "RollBack 1.0.0 ada"],
            registry.History.Select(line => $"{line.Action} {line.Version} {line.Actor}"));
        Assert.All(registry.History, line => Assert.InRange(line.Time, before, DateTimeOffset.UtcNow));
    }

    [Fact]
    public void RollBack_TwiceAfterARollBack_NeverReturnsWhatWasWithdrawn()
    {
        foreach (string version in new[] { "1.0.0", "1.1.0", "1.2.0" })
            Registry.Add(Model(version));
        Registry.Promote("1.0.0");
        Registry.Promote("1.1.0");
        Registry.RollBack();
        Registry.Promote("1.2.0");

        Assert.Equal("1.0.0", Registry.RollBack());
        Assert.Throws<InvalidOperationException>(() => Registry.RollBack());
    }

    [Fact]
    public void Versions_AreInTheOrderOfTheirNumbers()
    {
        foreach (string version in new[] { "1.10.0", "1.9.0", "1.2.0" })
            Registry.Add(Model(version));

        Assert.Equal(["1.2.0", "1.9.0", "1.10.0"], Registry.Versions.Select(model => model.Version));
    }

    [Fact]
    public async Task Promote_WhileOthersRead_NeverShowsAHalfWrittenState()
    {
        var registry = Registry;
        registry.Add(Model("1.0.0"));
        registry.Add(Model("1.1.0"));
        registry.Promote("1.0.0");
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                Assert.Contains(Registry.CurrentVersion, new[] { "1.0.0", "1.1.0" });
        });

        for (int i = 0; i < 50; i++)
            registry.Promote(i % 2 == 0 ? "1.1.0" : "1.0.0");
        await stop.CancelAsync();

        await reader;
        Assert.Equal("1.0.0", registry.CurrentVersion);
    }
}
