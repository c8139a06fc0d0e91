using System.Text;
using System.Text.Json;
using Course.Cli.Serving;
using Course.Cli.Tests.Commands;
using Course.Serving;
using Course.Tests.Data;

namespace Course.Cli.Tests.Serving;

public sealed class PredictorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_ByOnnxRuntime_GivesTheEnginesAnswers()
    {
        var artefact = ExportCommandTests.Artefact(Architectures.Reference);
        artefact.Save(_folder.File("digits.csmodel"));
        var random = new Random(4);
        float[] input = [.. Enumerable.Range(0, 784).Select(_ => (float)random.Next(256))];
        var expected = ModelPredictor.Create(artefact).Predict([input])[0].Probabilities;

        using var process = CourseProcess.Start(_folder.Path, "serve", _folder.File("digits.csmodel"), "--predictor", "onnxruntime", "--port", "0", "--json");
        string line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) ?? throw new IOException(await process.StandardError.ReadToEndAsync());
        using var http = new HttpClient { BaseAddress = new Uri(JsonDocument.Parse(line).RootElement.GetProperty("url").GetString()!) };
        using var body = new StringContent($"{{\"input\":[{string.Join(',', input)}]}}", Encoding.UTF8, "application/json");
        string answer = await (await http.PostAsync("/v1/predict", body)).Content.ReadAsStringAsync();

        var probabilities = JsonDocument.Parse(answer).RootElement.GetProperty("probabilities");
        for (int digit = 0; digit < expected.Count; digit++)
            Assert.Equal(expected[digit], probabilities.GetProperty($"{digit}").GetSingle(), 1e-5f);
        // The right answers alone could be our engine's.
        if (OperatingSystem.IsLinux())
            Assert.Contains("libonnxruntime.so", File.ReadAllText($"/proc/{process.Id}/maps"));
        process.Kill();
        await process.WaitForExitAsync();
    }

    [Fact]
    public void Find_WhereNothingIsBuilt_SaysHowToBuildIt()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Predictors.Find(Predictors.OnnxRuntime, 1, _folder.Path));

        Assert.Contains("dotnet build lib/Course.Serving.OnnxRuntime", fault.Message);
    }

    [Fact]
    public void Create_WhereTheNativeLibraryIsBroken_SaysThatItDoesNotLoad()
    {
        string built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Course.Serving.OnnxRuntime", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))));
        string copy = Directory.CreateDirectory(_folder.File("onnxruntime")).FullName;
        foreach (string file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(copy, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (file.Contains("runtimes", StringComparison.Ordinal))
                File.WriteAllText(to, "no library");
            else
                File.Copy(file, to);
        }
        var create = Predictors.Find(Predictors.OnnxRuntime, 1, _folder.Path);

        var fault = Assert.Throws<InvalidOperationException>(() => create(ExportCommandTests.Artefact(Architectures.Reference)));

        Assert.Contains("native library does not load", fault.Message);
    }
}
