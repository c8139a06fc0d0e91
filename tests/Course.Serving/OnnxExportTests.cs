using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Serving.Tests;

/// <summary>Networks of the course, answered by ONNX Runtime as by TorchSharp.</summary>
[Collection(nameof(Alone))]
public sealed class OnnxExportTests
{
    private const float Tolerance = 1e-5f;

    private static readonly Dictionary<string, Func<(Module<Tensor, Tensor> Network, long[] Shape, OnnxModules? Writers)>> Networks = new()
    {
        ["reference"] = () => (Sequential(("conv1", Conv2d(1, 10, 5)), ("pool1", MaxPool2d(2)), ("relu1", ReLU()), ("conv2", Conv2d(10, 20, 5)), ("pool2", MaxPool2d(2)), ("relu2", ReLU()),
            ("flatten", Flatten()), ("fc1", Linear(320, 50)), ("relu3", ReLU()), ("fc2", Linear(50, 10)), ("out", LogSoftmax(1))), [1, 28, 28], null),
        ["landed"] = () => (new DigitNetwork(), [1, 28, 28], null),
        ["LeNet"] = () => (Sequential(Conv2d(1, 6, 5, padding: 2), Tanh(), AvgPool2d(2), Conv2d(6, 16, 5), Tanh(), AvgPool2d(2), Flatten(), Linear(400, 120), Tanh(), Linear(120, 84), Sigmoid(), Linear(84, 10)), [1, 28, 28], null),
        ["VGG blocks"] = () => (Sequential(Conv2d(3, 8, 3, padding: Padding.Same), ReLU(), Conv2d(8, 8, 3, padding: 1), BatchNorm2d(8), ReLU(), MaxPool2d(2, 2), Dropout(0.5),
            Conv2d(8, 16, 3, stride: 2, padding: 1, bias: false), LeakyReLU(0.1), AdaptiveAvgPool2d(1), Flatten(), Linear(16, 5)), [3, 32, 32], null),
        ["residual"] = () => (Sequential(("stem", Conv2d(1, 8, 3, padding: 1)), ("block", new Residual(8)), ("deeper", new Residual(8)), ("pool", MaxPool2d(4)), ("flat", Flatten()), ("head", Linear(8 * 49, 10))),
            [1, 28, 28], new OnnxModules().With<Residual>(Residual.Write)),
        ["dilated, grouped, odd"] = () => (Sequential(Conv2d(4, 8, (3, 5), stride: (2, 1), padding: (1, 2), dilation: (2, 1), groups: 2), SiLU(), MaxPool2d(3, stride: 2, padding: 1, ceil_mode: true), Hardswish()), [4, 17, 19], null),
        ["sequence"] = () => (Sequential(Conv1d(6, 16, 3, padding: 1), ELU(0.7), MaxPool1d(2), LayerNorm(4), Flatten(), Linear(64, 2), Softmax(1)), [6, 8], null),
        ["tokens"] = () => (Sequential(Linear(6, 16), LayerNorm(16), ReLU(), Linear(16, 3)), [8, 6], null),
        ["attention"] = () => (new Attention(), [8, 6], new OnnxModules().With<Attention>(Attention.Write)),
        ["recurrent"] = () => (new Recurrent(), [5, 6], new OnnxModules().With<Recurrent>(Recurrent.Write)),
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Network_InOnnxRuntime_AnswersTheSameForManyInputsAndBatches(string name)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        random.manual_seed(7);
        var (network, shape, writers) = Networks[name]();
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
        using var unknown = Sequential(("stem", Conv2d(1, 8, 3, padding: 1)), ("blocks", Sequential(ReLU(), new Residual(8))));
        var fault = Assert.Throws<OnnxExportException>(() => OnnxExport.ToOnnx(unknown, [1, 8, 8]));
        Assert.Contains("'blocks.1' (Residual)", fault.Message);
        Assert.Contains("With<Residual>", fault.Message);

        using var layer = Sequential(("odd", AdaptiveAvgPool2d(3)));
        Assert.Contains("'odd' (AdaptiveAvgPool2d)", Assert.Throws<OnnxExportException>(() => OnnxExport.ToOnnx(layer, [1, 8, 8])).Message);
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

    /// <summary>The residual block of chapter 04b.</summary>
    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> body;

        public Residual(long channels) : base("residual")
        {
            body = Sequential(Conv2d(channels, channels, 3, padding: 1, bias: false), BatchNorm2d(channels), ReLU(), Conv2d(channels, channels, 3, padding: 1, bias: false), BatchNorm2d(channels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => (input + body.call(input)).relu();

        public static OnnxValue Write(OnnxGraph graph, Residual block, OnnxValue x) => graph.Relu(graph.Add(x, graph.Module(block.body, x, "body")));
    }

    /// <summary>One head of attention over eight places, as in chapter 02b.</summary>
    private sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> query = Linear(6, 16), key = Linear(6, 16), value = Linear(6, 16);

        public Attention() : base("attention") => RegisterComponents();

        public override Tensor forward(Tensor input) => functional.softmax(query.call(input).matmul(key.call(input).transpose(1, 2)) / 4, 2).matmul(value.call(input));

        public static OnnxValue Write(OnnxGraph graph, Attention layer, OnnxValue x)
        {
            var (q, k, v) = (graph.Module(layer.query, x, "query"), graph.Module(layer.key, x, "key"), graph.Module(layer.value, x, "value"));
            var turned = graph.Node("Transpose", k.Sample.transpose(1, 2), [k.Name], ("perm", new long[] { 0, 2, 1 }));
            var scores = graph.Node("MatMul", q.Sample.matmul(turned.Sample), [q.Name, turned.Name]);
            var scaled = graph.Node("Div", scores.Sample / 4, [scores.Name, graph.Constant(tensor(4f), "scale")]);
            var weights = graph.Node("Softmax", functional.softmax(scaled.Sample, 2), [scaled.Name], ("axis", 2L));
            return graph.Node("MatMul", weights.Sample.matmul(v.Sample), [weights.Name, v.Name]);
        }
    }

    /// <summary>The small recurrent network of chapter 02b, unrolled over its five steps.</summary>
    private sealed class Recurrent : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> enter = Linear(6, 16), state = Linear(16, 16), leave = Linear(16, 2);

        public Recurrent() : base("recurrent") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var h = zeros(input.shape[0], 16);
            for (int t = 0; t < input.shape[1]; t++)
                h = tanh(enter.call(input.select(1, t)) + state.call(h));
            return leave.call(h);
        }

        public static OnnxValue Write(OnnxGraph graph, Recurrent network, OnnxValue x)
        {
            OnnxValue? h = null;
            for (int t = 0; t < x.Sample.shape[1]; t++)
            {
                var step = graph.Node("Gather", x.Sample.select(1, t), [x.Name, graph.Constant(tensor((long)t), "time")], ("axis", 1L));
                var fed = graph.Module(network.enter, step, "enter");
                // The first state is zero for every example of the batch: nothing of the input is left in it.
                h ??= graph.Node("Mul", fed.Sample * 0, [fed.Name, graph.Constant(tensor(0f), "zero")]);
                var sum = graph.Add(fed, graph.Module(network.state, h, "state"));
                h = graph.Node("Tanh", sum.Sample.tanh(), [sum.Name]);
            }
            return graph.Module(network.leave, h!, "leave");
        }
    }
}
