using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Serving.Tests;

/// <summary>Networks of the course, answered by ONNX Runtime as by TorchSharp.</summary>
[Collection(nameof(Alone))]
public sealed partial class OnnxExportTests
{
    private const float Tolerance = 1e-5f;

    public static TheoryData<string> Names => [.. CourseNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Network_InOnnxRuntime_AnswersTheSameForManyInputsAndBatches(string name)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        random.manual_seed(7);
        var (network, shape, writers) = CourseNetworks.All[name]();
        network.train();
        for (int i = 0; i < 3; i++)
            network.call(randn([16, .. shape]) * 2 + 1);   // so that running statistics are not 0 and 1
        network.eval();

        byte[] bytes = OnnxExport.ToOnnx(network, shape, writers);

        using var session = new InferenceSession(bytes);
        foreach (int batch in new[] { 1, 3, 64 })
        {
            var x = randn([batch, .. shape]);
            var expected = network.call(x);
            var actual = Answer(session, "input", x, "output");
            Assert.Equal(expected.shape, actual.shape);
            float difference = (expected - actual).abs().max().item<float>();
            Assert.True(difference <= Tolerance, $"{name}, {batch} inputs: differs by {difference}");
        }
        CheckWithPython(bytes);
    }

    [Fact]
    public void Artefact_InOnnxRuntime_TakesRawPixelsAndGivesItsProbabilities()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var network = new DigitNetwork();
        network.eval();
        var artefact = ModelArtefact.From(network, new ArtefactInfo
        {
            Name = "digits",
            Version = "1.0.0",
            Architecture = DigitNetwork.Architecture,
            Labels = [.. Enumerable.Range(0, 10).Select(i => $"{i}")],
            Preprocessing = Preprocessing.Mnist,
        });
        var ours = new ModelPredictor(artefact, new DigitNetwork(), DigitNetwork.Architecture);
        using var theirs = new OnnxPredictor(artefact, new DigitNetwork());
        var random2 = new Random(5);
        float[][] pictures = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 784).Select(_ => (float)random2.Next(256)).ToArray())];

        var (expected, actual) = (ours.Predict(pictures), theirs.Predict(pictures));

        Assert.All(expected.Zip(actual), pair => Assert.All(pair.First.Probabilities.Zip(pair.Second.Probabilities), p => Assert.Equal(p.First, p.Second, Tolerance)));
        Assert.Throws<ArgumentException>(() => theirs.Predict([new float[5]]));
        using var session = new InferenceSession(artefact.ToOnnx(new DigitNetwork()));
        Assert.Equal(artefact.Checksum, session.ModelMetadata.CustomMetadataMap["checksum"]);
    }

    [Fact]
    public void Recommender_OfTwoInputs_IsWrittenThroughTheGraph()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (users, items) = (Embedding(50, 8), Embedding(30, 8));
        using var graph = new OnnxGraph("recommender");
        var (u, i) = (graph.Input("user", [], below: 50), graph.Input("item", [], below: 30));
        var (eu, ei) = (graph.Module(users, u, "users"), graph.Module(items, i, "items"));
        var product = graph.Node("Mul", eu.Sample * ei.Sample, [eu.Name, ei.Name]);
        graph.Output(graph.Node("ReduceSum", product.Sample.sum(1), [product.Name, graph.Constant(tensor(new long[] { 1 }), "axes")], ("keepdims", 0L)), "rating");
        byte[] bytes = graph.ToBytes();

        using var session = new InferenceSession(bytes);
        long[] who = [3, 49, 0, 7, 7], what = [0, 29, 3, 3, 4];
        using var first = OrtValue.CreateTensorValueFromMemory(who, [5]);
        using var second = OrtValue.CreateTensorValueFromMemory(what, [5]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["user", "item"], [first, second], ["rating"]);
        float[] expected = (users.call(tensor(who)) * items.call(tensor(what))).sum(1).data<float>().ToArray();
        Assert.Equal(expected, results[0].GetTensorDataAsSpan<float>().ToArray(), new Close());
        CheckWithPython(bytes);
    }

    [Fact]
    public void ToOnnx_OfAModuleThatItDoesNotKnow_NamesItAndItsPlace()
    {
        using var unknown = Sequential(("stem", Conv2d(1, 8, 3, padding: 1)), ("blocks", Sequential(ReLU(), new CourseNetworks.Residual(8))));
        var fault = Assert.Throws<OnnxExportException>(() => OnnxExport.ToOnnx(unknown, [1, 8, 8]));
        Assert.Contains("'blocks.1' (Residual)", fault.Message);
        Assert.Contains("With<Residual>", fault.Message);

        using var layer = Sequential(("odd", AdaptiveAvgPool2d(3)));
        Assert.Contains("'odd' (AdaptiveAvgPool2d)", Assert.Throws<OnnxExportException>(() => OnnxExport.ToOnnx(layer, [1, 8, 8])).Message);
    }

    /// <summary>A class of its own needs a writer; a new one in a notebook is missed here.</summary>
    [Fact]
    public void EveryNetworkClassOfTheChapters_IsAmongThese()
    {
        string notebooks = Path.Combine(Path.GetDirectoryName(Here())!, "../../notebooks");
        var classes = Directory.EnumerateFiles(notebooks, "*.ipynb", SearchOption.AllDirectories)
            .SelectMany(file => ModuleClass().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        // The recommender has a test of its own, and the small net of 04b is the one of 04 with a dropout, which does nothing when it answers.
        var tried = typeof(CourseNetworks).GetNestedTypes(BindingFlags.NonPublic).Select(type => type.Name).Concat(["Taste", "SmallNet"]).ToHashSet();

        Assert.Superset(new HashSet<string> { "Net", "Deep", "Residual", "Attention", "Recurrent", "Counts" }, classes);
        Assert.All(classes, name => Assert.Contains(name, tried));
    }

    [Fact]
    public void ToOnnx_LeavesModeAndRandomNumbersAlone()
    {
        using var network = Sequential(Linear(3, 3), Dropout(0.5));
        network.train();
        random.manual_seed(1);
        float expected = rand(1).item<float>();
        random.manual_seed(1);

        OnnxExport.ToOnnx(network, [3]);

        Assert.True(network.training);
        Assert.Equal(expected, rand(1).item<float>());
    }

    private static Tensor Answer(InferenceSession session, string input, Tensor x, string output)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(x.data<float>().ToArray(), x.shape);
        using var options = new RunOptions();
        using var results = session.Run(options, [input], [value], [output]);
        return tensor(results[0].GetTensorDataAsSpan<float>().ToArray()).reshape(results[0].GetTensorTypeAndShape().Shape);
    }

    /// <summary>ONNX's own checker, where Debian's python3-onnx is installed.</summary>
    private static void CheckWithPython(byte[] model)
    {
        if (!File.Exists("/usr/bin/python3") || Python("import onnx", []).Code != 0)
        {
            TestContext.Current.SendDiagnosticMessage("not asked: ONNX's checker (apt-get install python3-onnx)");
            return;
        }
        var (code, error) = Python("import sys, onnx; onnx.checker.check_model(onnx.load_model_from_string(sys.stdin.buffer.read()), full_check=True)", model);
        Assert.True(code == 0, error);
    }

    private static (int Code, string Error) Python(string program, byte[] input)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", program]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    private sealed class Close : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= Tolerance;

        public int GetHashCode(float value) => 0;
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"\bclass (\w+)(?:\([^)]*\))? : Module<")]
    private static partial Regex ModuleClass();
}
