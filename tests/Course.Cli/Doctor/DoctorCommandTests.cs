using System.Text.Json.Nodes;

namespace Course.Cli.Tests.Doctor;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("course-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task FolderThatCannotBeWritten_IsACross_AndExitsWithOne_AndEveryOtherLineHasItsCure()
    {
        string file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        // Nobody, not even root, makes a folder below a file.
        var (code, output, _) = await CourseProcess.RunAsync(_folder, new Dictionary<string, string?> { ["XDG_CACHE_HOME"] = file }, "doctor", "--json");
        Assert.Equal(1, code);
        var json = JsonNode.Parse(output)!;
        Assert.False((bool)json["healthy"]!);
        var findings = json["findings"]!.AsArray();
        Assert.Equal("missing", (string?)findings.Single(f => (string?)f!["name"] == "write: data cache")!["health"]);
        Assert.All(findings, f => Assert.Equal((string?)f!["health"] == "ok", f!["cure"] is null));
        foreach (string name in (string[])[".NET SDK", "engine", "libstdc++", "GPU and driver", "artifacts/lib", "NuGet packages", "kernel", "Jupyter", "free disk", "memory"])
            Assert.Single(findings, f => (string?)f!["name"] == name);
    }

    [Fact]
    public async Task UnknownEngine_IsWrongUse_AndNamesThoseThereAre()
    {
        var (code, _, error) = await CourseProcess.RunAsync(_folder, "doctor", "--engine", "torch");
        Assert.Equal(2, code);
        Assert.Contains("torchsharp-cpu", error);
    }
}
