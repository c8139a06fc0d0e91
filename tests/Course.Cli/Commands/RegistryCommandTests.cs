using System.Text.Json;
using Course.Tests.Data;
using static TorchSharp.torch;

namespace Course.Cli.Tests.Commands;

public sealed class RegistryCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Model(string version)
    {
        using var module = nn.Linear(1, 1);
        string path = _folder.File($"{version}.csmodel");
        ModelArtefact.From(module, new ArtefactInfo
        {
            Name = "toy",
            Version = version,
            Architecture = "linear",
            Labels = ["one"],
            Preprocessing = new Preprocessing { InputShape = [1] },
        }).Save(path);
        return path;
    }

    private Task<(int Code, string Output, string Error)> Course(params string[] arguments) =>
        CourseProcess.RunAsync(_folder.Path, [.. arguments, "--registry", _folder.File("models")]);

    [Fact]
    public async Task Registry_AddsPromotesRollsBackAndTellsWhoDidIt()
    {
        Assert.Equal((0, "1.0.0 added\n1.1.0 added\n", ""), await Course("registry", "add", Model("1.0.0"), Model("1.1.0"), "--actor", "ada"));
        Assert.Equal((0, "1.0.0 in service\n", ""), await Course("registry", "promote", "1.0.0"));
        Assert.Equal((0, "1.1.0 in service\n", ""), await Course("registry", "promote", "1.1.0"));
        Assert.Equal((0, "1.0.0 in service\n", ""), await Course("registry", "rollback"));

        var (code, json, _) = await Course("registry", "list", "--json");
        Assert.Equal(0, code);
        Assert.Equal([true, false], JsonDocument.Parse(json).RootElement.EnumerateArray().Select(model => model.GetProperty("isCurrent").GetBoolean()));
        var (_, history, _) = await Course("registry", "history");
        Assert.Equal(5, history.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("ada", history);
        Assert.Contains("roll-back", history);
    }

    [Fact]
    public async Task Registry_WithAnUnknownVersionOrFolder_FailsInOneLine()
    {
        var (missing, _, noFolder) = await Course("registry", "list");
        Assert.Equal(2, missing);
        Assert.Contains("course registry add MODEL", noFolder);
        Assert.False(Directory.Exists(_folder.File("models")));

        await Course("registry", "add", Model("1.0.0"));
        var (unknown, _, error) = await Course("registry", "promote", "9.9.9");
        Assert.Equal(1, unknown);
        Assert.Equal("course: The registry has no version '9.9.9'. It has: 1.0.0.\n", error);
        var (path, _, noVersion) = await Course("registry", "promote", "../x");
        Assert.Equal(2, path);
        Assert.Contains("is no version", noVersion);
    }
}
