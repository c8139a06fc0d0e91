using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>How each module of the golden suite is made and called. The seed is set before, so initial weights are compared too.</summary>
internal static class GoldenModules
{
    internal delegate (Module module, Func<Tensor[], Tensor[]> call) Maker(Arguments a);

    internal static readonly Dictionary<string, Maker> Table = [];

    private static void One(string name, Func<Arguments, Module<Tensor, Tensor>> make) => Table.Add(name, a =>
    {
        var module = make(a);
        return (module, x => [module.call(x[0])]);
    });

    /// <summary>Modules that draw random numbers when called: the CPU's stream gave those of the files.</summary>
    internal static readonly HashSet<string> Drawing = [];

    private static void Random(string name, Func<Arguments, Module<Tensor, Tensor>> make)
    {
        Drawing.Add(name);
        Table.Add(name, a =>
        {
            var module = make(a);
            Tensor[] Call(Tensor[] x)
            {
                manual_seed(7);
                return [module.call(x[0])];
            }
            return (module, Call);
        });
    }

    private static void Two(string name, Func<Arguments, Module<Tensor, Tensor, Tensor>> make) => Table.Add(name, a =>
    {
        var module = make(a);
        return (module, x => [module.call(x[0], x[1])]);
    });

    private static void Three(string name, Func<Arguments, Module<Tensor, Tensor, Tensor, Tensor>> make) => Table.Add(name, a =>
    {
        var module = make(a);
        return (module, x => [module.call(x[0], x[1], x[2])]);
    });

    private static void Any<T>(string name, Func<Arguments, T> make, Func<T, Tensor[], Tensor[]> call) where T : Module => Table.Add(name, a =>
    {
        var module = make(a);
        return (module, x => call(module, x));
    });

    static GoldenModules()
    {
        Layers();
        Pools();
        Volumes();
        Activations();
        Sequences();
        LossModules();
    }

    private static void Layers()
    {
        One("Linear", a => Linear(a.Long("in"), a.Long("out"), a.Flag("bias")));
        Two("Bilinear", _ => Bilinear(3, 2, 4));
        One("Identity", _ => Identity());
        One("Conv1d", a => Conv1d(4, 6, 3, a.Long("stride"), a.Long("padding"), a.Long("dilation"), groups: a.Long("groups")));
        One("Conv2d", a => Conv2d(4, 6, 3, a.Long("stride"), a.Long("padding"), a.Long("dilation"), groups: a.Long("groups")));
        One("ConvTranspose1d", a => ConvTranspose1d(4, 6, 3, a.Long("stride"), a.Long("padding"), 0, a.Long("dilation"), groups: a.Long("groups")));
        One("ConvTranspose2d", a => ConvTranspose2d(4, 6, 3, a.Long("stride"), a.Long("padding"), 0, a.Long("dilation"), groups: a.Long("groups")));
        One("Conv2d_mode", a => Conv2d(2, 3, 3, padding: 1, padding_mode: GoldenOperations.Mode(a.Text("mode"))));
        One("Conv2d_same", _ => Conv2d(2, 3, 4, Padding.Same));
        One("BatchNorm1d", _ => BatchNorm1d(3));
        One("BatchNorm2d", _ => BatchNorm2d(3));
        One("InstanceNorm1d", _ => InstanceNorm1d(3, affine: true));
        One("InstanceNorm2d", _ => InstanceNorm2d(3));
        One("BatchNorm3d", _ => BatchNorm3d(3));
        One("InstanceNorm3d", _ => InstanceNorm3d(3));
        One("LayerNorm", _ => LayerNorm([3L, 4L]));
        One("GroupNorm", _ => GroupNorm(2, 4));
        One("LocalResponseNorm", _ => LocalResponseNorm(2));
        Random("Dropout", a => Dropout(a.Double("p")));
        Random("Dropout1d", _ => Dropout1d(0.4));
        Random("Dropout2d", _ => Dropout2d(0.4));
        Random("Dropout3d", _ => Dropout3d(0.4));
        Random("AlphaDropout", _ => AlphaDropout(0.4));
        Random("FeatureAlphaDropout", _ => FeatureAlphaDropout(0.4));
        One("Embedding", _ => Embedding(7, 3));
        One("Embedding_padding", _ => Embedding(7, 3, padding_idx: 2));
        Any("EmbeddingBag", a => EmbeddingBag(7, 3, mode: a.Text("mode") switch { "sum" => EmbeddingBagMode.Sum, "mean" => EmbeddingBagMode.Mean, _ => EmbeddingBagMode.Max }), (module, x) => [module.call(x[0], x[1])]);
        One("PReLU", _ => PReLU(3));
        Two("CosineSimilarity", _ => CosineSimilarity());
        Two("PairwiseDistance", _ => PairwiseDistance());
        One("PixelShuffle", _ => PixelShuffle(2));
        One("PixelUnshuffle", _ => PixelUnshuffle(2));
        One("Flatten", _ => Flatten());
        One("Unflatten", _ => Unflatten(1, [2L, 3L]));
        One("ConstantPad1d", _ => ConstantPad1d(1, 0.5));
        One("ConstantPad2d", _ => ConstantPad2d(1, 0.5));
        One("ConstantPad3d", _ => ConstantPad3d(1, 0.5));
        One("ReflectionPad1d", _ => ReflectionPad1d(1));
        One("ReflectionPad2d", _ => ReflectionPad2d(1));
        One("ReplicationPad1d", _ => ReplicationPad1d(1));
        One("ReplicationPad2d", _ => ReplicationPad2d(1));
        One("ZeroPad2d", _ => ZeroPad2d(1));
        One("Sequential", _ => Sequential(Linear(4, 5), ReLU(), Linear(5, 2)));
    }

    private static void Pools()
    {
        One("MaxPool1d", _ => MaxPool1d(2));
        One("MaxPool2d", _ => MaxPool2d(2));
        One("AvgPool1d", _ => AvgPool1d(2));
        One("AvgPool2d", _ => AvgPool2d(2));
        One("LPPool1d", _ => LPPool1d(2, 2));
        One("LPPool2d", _ => LPPool2d(2, 2));
        One("AdaptiveAvgPool1d", _ => AdaptiveAvgPool1d(3));
        One("AdaptiveAvgPool2d", _ => AdaptiveAvgPool2d(3));
        One("AdaptiveMaxPool1d", _ => AdaptiveMaxPool1d(3));
        One("AdaptiveMaxPool2d", _ => AdaptiveMaxPool2d([3L, 3L]));
    }

    private static void Volumes()
    {
        One("Conv3d", _ => Conv3d(2, 3, 2, stride: 2, padding: 1));
        One("Conv3d_same", _ => Conv3d(2, 3, (2, 3, 2), Padding.Same));
        One("ConvTranspose3d", _ => ConvTranspose3d(2, 3, 2, stride: 2));
        One("MaxPool3d", _ => MaxPool3d(2));
        One("AvgPool3d", _ => AvgPool3d(2));
        One("AdaptiveAvgPool3d", _ => AdaptiveAvgPool3d(2));
        One("AdaptiveMaxPool3d", _ => AdaptiveMaxPool3d([2L, 2L, 2L]));
        Any("MaxUnpool1d", _ => MaxUnpool1d(2), (module, x) => [module.call(x[0], x[1])]);
        Any("MaxUnpool2d", _ => MaxUnpool2d(2), (module, x) => [module.call(x[0], x[1])]);
        Any("MaxUnpool3d", _ => MaxUnpool3d(2), (module, x) => [module.call(x[0], x[1])]);
        One("Upsample", _ => Upsample(scale_factor: [2.0, 2.0], mode: UpsampleMode.Bilinear));
        One("Fold", _ => Fold(4, 2));
        One("Unfold", _ => Unfold(2, stride: 2));
        One("ChannelShuffle", _ => ChannelShuffle(2));
    }

    private static void Activations()
    {
        One("ReLU", _ => ReLU());
        One("ReLU6", _ => ReLU6());
        One("LeakyReLU", _ => LeakyReLU());
        One("ELU", _ => ELU());
        One("CELU", _ => CELU());
        One("SELU", _ => SELU());
        One("Hardtanh", _ => Hardtanh());
        One("GELU", _ => GELU());
        One("SiLU", _ => SiLU());
        One("Mish", _ => Mish());
        One("Sigmoid", _ => Sigmoid());
        One("Tanh", _ => Tanh());
        One("LogSigmoid", _ => LogSigmoid());
        One("Hardsigmoid", _ => Hardsigmoid());
        One("Hardswish", _ => Hardswish());
        One("Softplus", _ => Softplus());
        One("Softsign", _ => Softsign());
        One("Tanhshrink", _ => Tanhshrink());
        One("Softshrink", _ => Softshrink());
        One("Hardshrink", _ => Hardshrink());
        One("RReLU", _ => RReLU());
        One("Threshold", _ => Threshold(0.1, -2));
        One("Softmax", _ => Softmax(1));
        One("LogSoftmax", _ => LogSoftmax(1));
        One("Softmin", _ => Softmin(1));
        One("Softmax2d", _ => Softmax2d());
        One("GLU", _ => GLU());
    }

    private static NonLinearities NonLinearity(Arguments a) => a.Text("nonlinearity") == "relu" ? NonLinearities.ReLU : NonLinearities.Tanh;

    private static Tensor[] List(Tuple<Tensor, Tensor> pair) => [pair.Item1, pair.Item2];

    private static void Sequences()
    {
        Any("RNN", a => RNN(3, 4, a.Long("layers"), NonLinearity(a)), (module, x) => module.call(x[0]) is var (y, h) ? [y, h] : []);
        Any("RNNCell", a => RNNCell(3, 4, NonLinearity(a)), (module, x) => [module.call(x[0], x[1])]);
        Any("LSTM", a => LSTM(3, 4, a.Long("layers"), batchFirst: a.Flag("batch_first"), bidirectional: a.Flag("bidirectional")), (module, x) => module.call(x[0]) is var (y, h, c) ? [y, h, c] : []);
        Any("LSTM_state", _ => LSTM(3, 4), (module, x) => module.call(x[0], (x[1], x[2])) is var (y, h, c) ? [y, h, c] : []);
        Any("GRU", a => GRU(3, 4, a.Long("layers"), batchFirst: a.Flag("batch_first"), bidirectional: a.Flag("bidirectional")), (module, x) => module.call(x[0]) is var (y, h) ? [y, h] : []);
        Any("LSTMCell", _ => LSTMCell(3, 4), (module, x) => module.call(x[0], (x[1], x[2])) is var (h, c) ? [h, c] : []);
        Any("GRUCell", _ => GRUCell(3, 4), (module, x) => [module.call(x[0], x[1])]);
        Any("MultiheadAttention", _ => MultiheadAttention(6, 2), (module, x) => List(module.call(x[0], x[1], x[2])));
        Any("MultiheadAttention_self", _ => MultiheadAttention(6, 3), (module, x) => List(module.call(x[0], x[0], x[0])));
        Any("MultiheadAttention_kdim", _ => MultiheadAttention(6, 2, kdim: 5, vdim: 5), (module, x) => List(module.call(x[0], x[1], x[2])));
        Any("MultiheadAttention_bias", _ => MultiheadAttention(6, 2, add_bias_kv: true, add_zero_attn: true), (module, x) => List(module.call(x[0], x[1], x[2])));
        Any("MultiheadAttention_mask", _ => MultiheadAttention(6, 2), (module, x) => List(module.call(x[0], x[0], x[0], attn_mask: x[1])));
        Any("MultiheadAttention_added_mask", _ => MultiheadAttention(6, 2), (module, x) => List(module.call(x[0], x[0], x[0], attn_mask: x[1])));
        One("TransformerEncoderLayer", _ => TransformerEncoderLayer(6, 2, 8, 0));
        One("TransformerEncoderLayer_gelu", _ => TransformerEncoderLayer(6, 2, 8, 0, nn.Activations.GELU));
        Any("TransformerEncoder", _ => TransformerEncoder(TransformerEncoderLayer(6, 2, 8, 0), 2), (module, x) => [module.call(x[0])]);
        Any("TransformerDecoderLayer", _ => TransformerDecoderLayer(6, 2, 8, 0), (module, x) => [module.call(x[0], x[1])]);
        Any("TransformerDecoder", _ => TransformerDecoder(TransformerDecoderLayer(6, 2, 8, 0), 2), (module, x) => [module.call(x[0], x[1])]);
    }

    private static void LossModules()
    {
        Two("MSELoss", _ => MSELoss());
        Two("L1Loss", _ => L1Loss());
        Two("SmoothL1Loss", _ => SmoothL1Loss());
        Two("HuberLoss", _ => HuberLoss());
        Two("SoftMarginLoss", _ => SoftMarginLoss());
        Two("PoissonNLLLoss", _ => PoissonNLLLoss());
        Three("GaussianNLLLoss", _ => GaussianNLLLoss());
        Two("BCELoss", _ => BCELoss());
        Two("BCEWithLogitsLoss", _ => BCEWithLogitsLoss());
        Two("CrossEntropyLoss", _ => CrossEntropyLoss());
        Two("NLLLoss", _ => NLLLoss());
        Any("CTCLoss", _ => CTCLoss(), (module, x) => [module.call(x[0].log_softmax(2), x[1], x[2], x[3])]);
        Two("KLDivLoss", _ => KLDivLoss());
        Two("MultiLabelSoftMarginLoss", _ => MultiLabelSoftMarginLoss());
        Two("MultiMarginLoss", _ => MultiMarginLoss());
        Two("MultiLabelMarginLoss", _ => MultiLabelMarginLoss());
        Two("HingeEmbeddingLoss", _ => HingeEmbeddingLoss());
        Three("MarginRankingLoss", _ => MarginRankingLoss());
        Three("CosineEmbeddingLoss", _ => CosineEmbeddingLoss());
        Three("TripletMarginLoss", _ => TripletMarginLoss());
        Three("TripletMarginWithDistanceLoss", _ => TripletMarginWithDistanceLoss());
    }
}
