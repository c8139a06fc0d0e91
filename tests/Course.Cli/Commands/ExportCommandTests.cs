using System.Text.Json;
using Course.Serving;
using Course.Tests.Data;
using TorchSharp;

namespace Course.Cli.Tests.Commands;

public sealed class ExportCommandTests
{
    [Theory]
    [InlineData(Architectures.Reference)]
    [InlineData(DigitNetwork.Architecture)]
    public async Task Export_EachArchitectureThatAnArtefactMayName_WritesOnnx(string architecture)
    {
        using var folder = new TemporaryFolder();
        Artefact(architecture).Save(folder.File("model.csmodel"));

        var (code, output, error) = await CourseProcess.RunAsync(folder.Path, "export", "model.csmodel", "--to", "onnx", "--json");

        Assert.True(code == 0, error);
        var told = JsonDocument.Parse(output).RootElement;
        Assert.Equal(new FileInfo(folder.File("model.onnx")).Length, told.GetProperty("bytes").GetInt64());
        Assert.Equal("1.0.0", told.GetProperty("version").GetString());
    }

    /// <summary>The theory above names each.</summary>
    [Fact]
    public void Architectures_AreTheOnesThatAreTried() => Assert.Equal([DigitNetwork.Architecture, Architectures.Reference], Architectures.Names);

    [Fact]
    public async Task Export_AnUnknownArchitecture_SaysWhichThereAre()
    {
        using var folder = new TemporaryFolder();
        using var layer = torch.nn.Linear(784, 10);
        ModelArtefact.From(layer, Info("lenet-5")).Save(folder.File("model.csmodel"));

        var (code, _, error) = await CourseProcess.RunAsync(folder.Path, "export", "model.csmodel", "--to", "onnx");

        Assert.Equal(1, code);
        Assert.Contains("'lenet-5'", error);
        Assert.Contains(Architectures.Reference, error);
        Assert.False(File.Exists(folder.File("model.onnx")));
    }

    internal static ModelArtefact Artefact(string architecture, string version = "1.0.0")
    {
        torch.manual_seed(1);
        using var network = Architectures.Create(architecture);
        return ModelArtefact.From(network, Info(architecture) with { Version = version });
    }

    private static ArtefactInfo Info(string architecture) => new()
    {
        Name = "digits",
        Version = "1.0.0",
        Architecture = architecture,
        Labels = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        Preprocessing = Preprocessing.Mnist,
    };
}
