using System.Text.Json;

namespace Notebooks.Tests;

/// <summary>
/// The devcontainer files against what the published schema (containers.dev, devContainer.base.schema.json) requires:
/// one way to get an image, and for every key that is used the type that the schema gives it.
/// </summary>
public class DevcontainerTests
{
    private static readonly Dictionary<string, Func<JsonElement, bool>> KnownKeys = new()
    {
        ["name"] = IsString,
        ["image"] = IsString,
        ["features"] = e => e.ValueKind == JsonValueKind.Object && e.EnumerateObject().All(f => f.Value.ValueKind is JsonValueKind.Object or JsonValueKind.String or JsonValueKind.True),
        ["runArgs"] = IsStringArray,
        ["hostRequirements"] = IsHostRequirements,
        ["updateContentCommand"] = e => IsString(e) || IsStringArray(e) || e.ValueKind == JsonValueKind.Object,
        ["postCreateCommand"] = e => IsString(e) || IsStringArray(e) || e.ValueKind == JsonValueKind.Object,
        ["containerEnv"] = e => e.ValueKind == JsonValueKind.Object && e.EnumerateObject().All(v => IsString(v.Value)),
        ["customizations"] = e => e.ValueKind == JsonValueKind.Object,
        ["forwardPorts"] = e => e.ValueKind == JsonValueKind.Array,
    };

    public static TheoryData<string> Files => new(".devcontainer/devcontainer.json", ".devcontainer/gpu/devcontainer.json");

    [Theory]
    [MemberData(nameof(Files))]
    public void Devcontainer_EveryKey_HasTheTypeOfTheSchema(string file)
    {
        using var json = Read(file);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            Assert.True(KnownKeys.TryGetValue(property.Name, out var isValid), $"{file}: unknown key '{property.Name}'");
            Assert.True(isValid(property.Value), $"{file}: '{property.Name}' has a type that the schema does not allow: {property.Value}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Devcontainer_HasAnImageAndOnePostCreateCommandThatExists(string file)
    {
        using var json = Read(file);
        Assert.True(json.RootElement.TryGetProperty("image", out var image), $"{file}: the schema requires an image, a build or a compose file");
        Assert.Contains("dotnet:2.3.2-10.0-noble", image.GetString());

        // What a prebuild of Codespaces runs ahead of time is updateContentCommand; a GPU is only there when the container is created.
        string command = json.RootElement.GetProperty(file.Contains("gpu") ? "postCreateCommand" : "updateContentCommand").GetString()!;
        string script = command.Split(' ').Last();
        Assert.True(File.Exists(RepositoryFiles.PathOf(script)), $"{file}: post-create runs {script}, which does not exist");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Devcontainer_BringsTheExtensionsForNotebooks(string file)
    {
        using var json = Read(file);
        var extensions = json.RootElement.GetProperty("customizations").GetProperty("vscode").GetProperty("extensions")
            .EnumerateArray().Select(e => e.GetString()).ToList();
        Assert.Contains("ms-dotnettools.csharp", extensions);
        Assert.Contains("ms-toolsai.jupyter", extensions);
        // Retired in 2026.
        Assert.DoesNotContain("ms-dotnettools.dotnet-interactive-vscode", extensions);
    }

    /// <summary>Docker is not here to build it: what it names must at least exist.</summary>
    [Fact]
    public void Dockerfile_StartsFromTheDevcontainersImage_AndBuildsProjectsThatExist()
    {
        string[] lines = File.ReadAllLines(RepositoryFiles.PathOf(".devcontainer/Dockerfile"));
        using var json = Read(".devcontainer/devcontainer.json");
        Assert.Contains($"FROM {json.RootElement.GetProperty("image").GetString()}", lines);
        var built = lines.SelectMany(l => System.Text.RegularExpressions.Regex.Matches(l, @"dotnet build (\S+)")).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(built);
        Assert.All(built, project => Assert.True(Directory.Exists(RepositoryFiles.PathOf(project)), project));
        Assert.Contains(lines, l => l.StartsWith("USER ", StringComparison.Ordinal));
    }

    [Fact]
    public void GpuDevcontainer_PassesTheGpusAndSelectsTheCudaEngine()
    {
        using var json = Read(".devcontainer/gpu/devcontainer.json");
        Assert.Equal(["--gpus", "all"], json.RootElement.GetProperty("runArgs").EnumerateArray().Select(e => e.GetString()!));
        Assert.Equal("torchsharp-cuda", json.RootElement.GetProperty("containerEnv").GetProperty("Engine").GetString());
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(RepositoryFiles.PathOf(file)),
        new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });

    private static bool IsString(JsonElement e) => e.ValueKind == JsonValueKind.String;

    private static bool IsStringArray(JsonElement e) => e.ValueKind == JsonValueKind.Array && e.EnumerateArray().All(IsString);

    private static bool IsHostRequirements(JsonElement e) => e.ValueKind == JsonValueKind.Object && e.EnumerateObject().All(p => p.Name switch
    {
        "cpus" => p.Value.ValueKind == JsonValueKind.Number,
        "memory" or "storage" => IsString(p.Value),
        "gpu" => p.Value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Object || p.Value.ValueEquals("optional"),
        _ => false,
    });
}
