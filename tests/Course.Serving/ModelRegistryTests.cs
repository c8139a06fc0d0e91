using static TorchSharp.torch;

namespace Course.Serving.Tests;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("registry").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ModelRegistry Registry => new(folder);

    private static ModelArtefact Model(string version, float weight = 1)
    {
        using var module = nn.Linear(1, 1, hasBias: false);
        using (no_grad()) module.weight.fill_(weight);
        return ModelArtefact.From(module, BrightnessPredictor.SmallInfo with { Version = version, Metrics = new Dictionary<string, double> { ["accuracy"] = weight } });
    }

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
        var file = Path.Combine(folder, "1.1.0.csmodel");
        var bytes = File.ReadAllBytes(file);
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
    public void CurrentVersion_WithADamagedState_SaysWhatToDo()
    {
        File.WriteAllText(Path.Combine(folder, "in-service.json"), "{ half");

        Assert.Contains("promote a version again", Assert.Throws<InvalidDataException>(() => Registry.CurrentVersion).Message);
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
            while (!stop.IsCancellationRequested) Assert.Contains(Registry.CurrentVersion, new[] { "1.0.0", "1.1.0" });
        });

        for (int i = 0; i < 50; i++) registry.Promote(i % 2 == 0 ? "1.1.0" : "1.0.0");
        await stop.CancelAsync();

        await reader;
        Assert.Equal("1.0.0", registry.CurrentVersion);
    }
}
