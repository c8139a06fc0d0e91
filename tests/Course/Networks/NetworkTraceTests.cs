using System.Xml.Linq;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Tests;

public sealed class NetworkTraceTests
{
    private sealed class Reference : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1 = Conv2d(1, 10, 5), conv2 = Conv2d(10, 20, 5), fc1 = Linear(320, 50), fc2 = Linear(50, 10);

        public Reference()
            : base("net") => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            x = functional.max_pool2d(conv1.call(x), 2).relu();
            x = functional.max_pool2d(conv2.call(x), 2).relu();
            return fc2.call(fc1.call(x.flatten(1)).relu());
        }
    }

    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> body = Sequential(Conv2d(4, 4, 3, padding: 1, bias: false), BatchNorm2d(4), ReLU());

        public Residual()
            : base("residual") => RegisterComponents();

        public override Tensor forward(Tensor x) => (x + body.call(x)).relu();
    }

    private sealed class Recurrent : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> input = Linear(6, 16), state = Linear(16, 16), output = Linear(16, 2);

        public Recurrent()
            : base("recurrent") => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            var h = zeros(x.shape[0], 16);
            for (int t = 0; t < x.shape[1]; t++)
                h = tanh(input.call(x.select(1, t)) + state.call(h));
            return output.call(h);
        }
    }

    private sealed class Recommender : Module<Tensor, Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> user = Embedding(100, 8), item = Embedding(50, 8), hidden = Linear(16, 4), unused = Linear(2, 3);

        public Recommender()
            : base("recommender") => RegisterComponents();

        public override Tensor forward(Tensor u, Tensor i) => unused.forward(hidden.call(cat([user.call(u), item.call(i)], 1))[.., ..2]);
    }

    [Fact]
    public void Of_TheReferenceNetwork_CountsWhatTheFormulasSay()
    {
        var layers = NetworkTrace.Of(new Reference(), zeros(3, 1, 28, 28), "max-pool 2, ReLU", "max-pool 2, ReLU, flatten", "ReLU");
        Assert.Equal(["conv1", "max-pool 2, ReLU", "conv2", "max-pool 2, ReLU, flatten", "fc1", "ReLU", "fc2"], layers.Select(layer => layer.Name));
        Assert.Equal(["10 × 24 × 24", "10 × 12 × 12", "20 × 8 × 8", "320", "50", "50", "10"], layers.Select(layer => layer.Shape));
        Assert.Equal([260, 0, 5020, 0, 16050, 0, 510], layers.Select(layer => layer.Parameters));
        Assert.Equal([25 * 5760, 0, 250 * 1280, 0, 16000, 0, 500], layers.Select(layer => layer.MultiplyAdds));
    }

    [Fact]
    public void Of_AResidualBlock_ShowsTheSumAsAFunctionAndLeavesTheNetworkAsItWas()
    {
        var block = new Residual();
        var head = Dropout(0.5);
        head.eval();
        var network = Sequential(block, head);
        double[] Buffers() => [.. network.buffers().SelectMany(buffer => buffer.Doubles())];
        double[] before = Buffers();
        var layers = NetworkTrace.Of(network, randn(5, 4, 6, 6), "add the input, ReLU");
        Assert.Equal(["0.body.0", "0.body.1", "0.body.2", "add the input, ReLU", "1"], layers.Select(layer => layer.Name));
        Assert.Equal(4 * 4 * 9 * 36, layers[0].MultiplyAdds);
        Assert.Equal(4 * 36, layers[1].MultiplyAdds);
        Assert.Equal(before, Buffers());
        Assert.True(block.training);
        Assert.False(head.training);
        Assert.Equal(5, NetworkTrace.Of(network, randn(5, 4, 6, 6)).Count);
    }

    [Fact]
    public void Of_ALayerThatRunsAgain_AddsItsCostButNotItsParameters()
    {
        var layers = NetworkTrace.Of(new Recurrent(), zeros(2, 8, 6), "a token", "the state", "tanh");
        var state = layers.Single(layer => layer.Name == "state");
        Assert.Equal((8, 8 * 256, 272), (state.Calls, state.MultiplyAdds, state.Parameters));
    }

    [Fact]
    public void Of_TwoInputs_SeesBothAndSaysWhatItCannotSee()
    {
        var layers = NetworkTrace.Of(new Recommender(), tensor(new long[] { 1, 2, 3 }), tensor(new long[] { 4, 5, 6 }));
        Assert.Equal(["user", "item", "functions", "hidden", "functions", "layers run by forward, unseen"], layers.Select(layer => layer.Name));
        Assert.Equal("Embedding, 100 of 8", layers[0].Kind);
        Assert.Equal(9, layers[^1].Parameters);
    }

    [Fact]
    public void Of_TooFewNames_SaysHowManyPlacesThereAre()
    {
        string message = Assert.Throws<ArgumentException>(() => NetworkTrace.Of(new Reference(), zeros(1, 1, 28, 28), "max-pool")).Message;
        Assert.Contains("at 3 places", message);
        Assert.Contains("1 were named", message);
    }

    [Fact]
    public void Network_IsDrawnWithItsNumbersAndSaidInWords()
    {
        var figure = Plot.Network(new Reference(), zeros(1, 1, 28, 28), title: "Two convolutions", alt: "Four layers.");
        string[] texts = [.. XElement.Parse(figure.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Contains("Conv2d, 20 × 10 × 5 × 5", texts);
        Assert.Contains("1 × 28 × 28", texts);
        Assert.Contains("21,840", texts);
        Assert.Contains("480,500", texts);
        Assert.Contains("fc1 (Linear, 320 → 50): 50, 16,050 parameters, 16,000 multiply-adds", figure.ToString());
    }

    [Fact]
    public void Network_OfOneLayer_IsThatLayer()
    {
        Assert.Equal("4 → 2", NetworkTrace.Of(Linear(4, 2), zeros(1, 4)).Single().Kind["Linear, ".Length..]);
    }
}
