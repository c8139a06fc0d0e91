using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Serving.Tests;

/// <summary>The networks that the chapters build, with the shape of one input, and how classes that are no chain of layers are written as ONNX.</summary>
internal static class CourseNetworks
{
    public static IReadOnlyDictionary<string, Func<(Module<Tensor, Tensor> Network, long[] Shape, OnnxModules? Writers)>> All { get; } = new Dictionary<string, Func<(Module<Tensor, Tensor> Network, long[] Shape, OnnxModules? Writers)>>
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
        ["counted words"] = () => (new Counts(), [8, 6], new OnnxModules().With<Counts>(Counts.Write)),
        ["net of functions"] = () => (new Net(), [1, 28, 28], new OnnxModules().With<Net>(Net.Write)),
        ["twenty layers"] = () => (new Deep(shortcut: false), [1, 28, 28], new OnnxModules().With<Deep>(Deep.Write)),
        ["twenty layers with shortcuts"] = () => (new Deep(shortcut: true), [1, 28, 28], new OnnxModules().With<Deep>(Deep.Write)),
        ["recurrent"] = () => (new Recurrent(), [5, 6], new OnnxModules().With<Recurrent>(Recurrent.Write)),
    };

    /// <summary>The residual block of chapter 04b.</summary>
    internal sealed class Residual : Module<Tensor, Tensor>
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

    /// <summary>Attention over eight places, chapter 02b.</summary>
    internal sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> embed = Linear(6, 16), query = Linear(16, 16), key = Linear(16, 16), value = Linear(16, 16), output = Linear(16, 2), position = Linear(8, 16);

        public Attention() : base("attention") => RegisterComponents();

        private Tensor Places(long n) => position.call(((arange(n).to(float32) + 0.5f).unsqueeze(1) * arange(8).to(float32) * (float)(Math.PI / n)).cos());

        public override Tensor forward(Tensor input)
        {
            var e = embed.call(input) + Places(input.shape[1]);
            var weights = functional.softmax(query.call(e).matmul(key.call(e).transpose(1, 2)) / 4, 2);
            return output.call(functional.relu(weights.matmul(value.call(e))).amax(1));
        }

        public static OnnxValue Write(OnnxGraph graph, Attention layer, OnnxValue x)
        {
            // Where a word stands does not depend on the input: numbers of the network, like its weights.
            var (embedded, places) = (graph.Module(layer.embed, x, "embed"), layer.Places(x.Sample.shape[1]));
            var e = graph.Node("Add", embedded.Sample + places, [embedded.Name, graph.Constant(places, "places")]);
            var (q, k, v) = (graph.Module(layer.query, e, "query"), graph.Module(layer.key, e, "key"), graph.Module(layer.value, e, "value"));
            var turned = graph.Node("Transpose", k.Sample.transpose(1, 2), [k.Name], ("perm", new long[] { 0, 2, 1 }));
            var scores = graph.Node("MatMul", q.Sample.matmul(turned.Sample), [q.Name, turned.Name]);
            var scaled = graph.Node("Div", scores.Sample / 4, [scores.Name, graph.Constant(tensor(4f), "scale")]);
            var weights = graph.Node("Softmax", functional.softmax(scaled.Sample, 2), [scaled.Name], ("axis", 2L));
            var mixed = graph.Relu(graph.Node("MatMul", weights.Sample.matmul(v.Sample), [weights.Name, v.Name]));
            var most = graph.Node("ReduceMax", mixed.Sample.amax(1), [mixed.Name], ("axes", new long[] { 1 }), ("keepdims", 0L));
            return graph.Module(layer.output, most, "output");
        }
    }

    /// <summary>How often each word occurs, chapter 02b.</summary>
    internal sealed class Counts : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> net = Sequential(("hidden", Linear(6, 16)), ("relu", ReLU()), ("out", Linear(16, 2)));

        public Counts() : base("bag") => RegisterComponents();

        public override Tensor forward(Tensor input) => net.call(input.sum(1));

        public static OnnxValue Write(OnnxGraph graph, Counts bag, OnnxValue x) =>
            graph.Module(bag.net, graph.Node("ReduceSum", x.Sample.sum(1), [x.Name, graph.Constant(tensor(new long[] { 1 }), "axes")], ("keepdims", 0L)), "net");
    }

    /// <summary>The reference network as chapter 04 writes it, and chapter 04b its small one: layers that are joined by functions.</summary>
    internal sealed class Net : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1 = Conv2d(1, 10, 5), conv2 = Conv2d(10, 20, 5), fc1 = Linear(320, 50), fc2 = Linear(50, 10);

        public Net() : base("net") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var maps = functional.max_pool2d(conv2.call(functional.max_pool2d(conv1.call(input), 2).relu()), 2).relu();
            return fc2.call(fc1.call(maps.flatten(1)).relu()).log_softmax(1);
        }

        public static OnnxValue Write(OnnxGraph graph, Net net, OnnxValue x)
        {
            using var pool = MaxPool2d(2);
            using var flat = Flatten();
            using var scores = LogSoftmax(1);
            var first = graph.Relu(graph.Module(pool, graph.Module(net.conv1, x, "conv1")));
            var second = graph.Relu(graph.Module(pool, graph.Module(net.conv2, first, "conv2")));
            var hidden = graph.Relu(graph.Module(net.fc1, graph.Module(flat, second), "fc1"));
            return graph.Module(scores, graph.Module(net.fc2, hidden, "fc2"));
        }
    }

    /// <summary>Twenty convolutions, with and without a way around each, chapter 04b.</summary>
    internal sealed class Deep : Module<Tensor, Tensor>
    {
        private readonly bool _shortcut;
        private readonly Module<Tensor, Tensor> stem = Sequential(Conv2d(1, 8, 5), ReLU(), MaxPool2d(4)), head = Sequential(Flatten(), Linear(288, 10));
        private readonly ModuleList<Module<Tensor, Tensor>> layers = ModuleList([.. Enumerable.Range(0, 20).Select(_ => (Module<Tensor, Tensor>)Conv2d(8, 8, 3, padding: 1))]);

        public Deep(bool shortcut) : base("deep")
        {
            _shortcut = shortcut;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => head.call(layers.Aggregate(stem.call(input), (h, layer) => layer.call(h.relu()) + (_shortcut ? h : 0)));

        public static OnnxValue Write(OnnxGraph graph, Deep net, OnnxValue x)
        {
            var h = graph.Module(net.stem, x, "stem");
            foreach (var layer in net.layers)
            {
                var next = graph.Module(layer, graph.Relu(h), "layer");
                h = net._shortcut ? graph.Add(next, h) : next;
            }
            return graph.Module(net.head, h, "head");
        }
    }

    /// <summary>The small recurrent network of chapter 02b, unrolled over its five steps.</summary>
    internal sealed class Recurrent : Module<Tensor, Tensor>
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
