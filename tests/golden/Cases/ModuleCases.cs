using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Modules, with initial weights from a seed and gradients of inputs and parameters.</summary>
internal sealed class ModuleCases
{
    private readonly CaseWriter _g;
    private int _seed = 1000;

    private ModuleCases(CaseWriter writer) => _g = writer;

    internal static void Add(CaseWriter writer)
    {
        ModuleCases modules = new(writer);
        modules.Layers();
        modules.Normalisations();
        modules.Pools();
        modules.Dropouts();
        modules.Embeddings();
        modules.Recurrences();
        modules.Attention();
        modules.Arrangements();
        modules.Activations();
        modules.Losses();
        modules.Volumes();
    }

    /// <summary>The module in both precisions.</summary>
    /// <param name="arguments">What its entry of <see cref="GoldenModules"/> reads.</param>
    /// <param name="constants">The indices of inputs that have no gradient.</param>
    private void Add(string op, Tensor[] inputs, object? arguments = null, int[]? constants = null)
    {
        foreach (var type in Elementwise.Both)
            _g.Add(op, [.. inputs.Select(input => input.is_floating_point() ? input.to_type(type) : input)], arguments ?? new { training = true }, constants: constants, seed: _seed++);
    }

    private Tensor X(params long[] shape) => _g.Draws.Real(shape);

    private Tensor Drawn(Domain domain, params long[] shape) => _g.Draws.Real(shape, domain: domain);

    private Tensor Integers(long high, params long[] shape) => _g.Draws.Integers(high, shape);

    private static Tensor Longs(long[] shape, params long[] values) => tensor(values, shape);

    private void Layers()
    {
        Add("Linear", [X(4, 3)], new { @in = 3, @out = 5, bias = true, training = true });
        Add("Linear", [X(2, 4, 3)], new { @in = 3, @out = 5, bias = false, training = true });
        Add("Bilinear", [X(5, 3), X(5, 2)]);
        Add("Identity", [X(2, 3)]);
        foreach (var (stride, padding, groups) in new[] { (1, 0, 1), (2, 1, 2) })
        {
            var arguments = new { kernel = 3, stride, padding, dilation = 1, groups, training = true };
            Add("Conv1d", [X(2, 4, 8)], arguments);
            Add("Conv2d", [X(2, 4, 6, 7)], arguments);
            Add("ConvTranspose1d", [X(2, 4, 5)], arguments);
            Add("ConvTranspose2d", [X(2, 4, 4, 3)], arguments);
        }
        Add("Conv2d", [X(4, 6, 7)], new { kernel = 3, stride = 1, padding = 0, dilation = 1, groups = 1, training = true });
        foreach (string mode in new[] { "reflect", "replicate", "circular" })
            Add("Conv2d_mode", [X(2, 2, 4, 5)], new { mode, training = true });
        Add("Conv2d_same", [X(2, 2, 5, 6)]);
    }

    private void Normalisations()
    {
        Add("BatchNorm1d", [X(5, 3)]);
        Add("BatchNorm1d", [X(5, 3, 4)], new { training = false });
        Add("BatchNorm2d", [X(2, 3, 4, 4)]);
        Add("InstanceNorm1d", [X(2, 3, 5)]);
        Add("InstanceNorm2d", [X(2, 3, 4, 4)]);
        Add("BatchNorm3d", [X(2, 3, 2, 3, 2)]);
        Add("InstanceNorm3d", [X(2, 3, 2, 3, 2)]);
        Add("LayerNorm", [X(2, 3, 4)]);
        Add("GroupNorm", [X(2, 4, 5)]);
        Add("LocalResponseNorm", [X(2, 4, 3, 3)]);
    }

    private void Pools()
    {
        Add("MaxPool1d", [X(2, 3, 6)]);
        Add("MaxPool2d", [X(2, 3, 6, 4)]);
        Add("AvgPool1d", [X(2, 3, 6)]);
        Add("AvgPool2d", [X(2, 3, 6, 4)]);
        Add("LPPool1d", [Drawn(Domain.Positive, 2, 3, 6)]);
        Add("LPPool2d", [Drawn(Domain.Positive, 2, 3, 6, 4)]);
        Add("AdaptiveAvgPool1d", [X(2, 3, 7)]);
        Add("AdaptiveAvgPool2d", [X(2, 3, 7, 5)]);
        Add("AdaptiveMaxPool1d", [X(2, 3, 7)]);
        Add("AdaptiveMaxPool2d", [X(2, 3, 7, 5)]);
    }

    private void Dropouts()
    {
        foreach (double p in new[] { 0.3, 0.5 })
            Add("Dropout", [X(5, 6)], new { p, training = true });
        Add("Dropout1d", [X(3, 5, 2)]);
        Add("Dropout2d", [X(3, 5, 2, 2)]);
        Add("Dropout3d", [X(3, 5, 2, 2, 2)]);
        Add("AlphaDropout", [X(5, 6)]);
        Add("FeatureAlphaDropout", [X(3, 5, 4)]);
    }

    private void Embeddings()
    {
        void Of(string op, Tensor[] inputs, string? mode = null)
        {
            foreach (var type in Elementwise.Both)
                _g.Add(op, inputs, new { mode, type = type.ToString(), training = true }, seed: _seed++);
        }
        Of("Embedding", [Integers(7, 2, 4)]);
        Of("Embedding_padding", [Longs([2, 3], 0, 2, 5, 2, 6, 0)]);
        foreach (string mode in new[] { "sum", "mean", "max" })
            Of("EmbeddingBag", [Integers(7, 6), tensor(new long[] { 0, 2, 5 })], mode);
    }

    private void Recurrences()
    {
        foreach (string nonlinearity in new[] { "tanh", "relu" })
        {
            Add("RNN", [X(5, 2, 3)], new { nonlinearity, layers = 2, training = true });
            Add("RNNCell", [X(2, 3), X(2, 4)], new { nonlinearity, training = true });
        }
        foreach (var (layers, bidirectional, batch_first) in new[] { (1, false, false), (2, true, false), (1, true, true) })
            foreach (string name in new[] { "LSTM", "GRU" })
                Add(name, [X(5, 2, 3)], new { layers, bidirectional, batch_first, training = true });
        Add("LSTM_state", [X(5, 2, 3), X(1, 2, 4), X(1, 2, 4)]);
        Add("LSTMCell", [X(2, 3), X(2, 4), X(2, 4)]);
        Add("GRUCell", [X(2, 3), X(2, 4)]);
    }

    private void Attention()
    {
        Add("MultiheadAttention", [X(4, 2, 6), X(5, 2, 6), X(5, 2, 6)]);
        Add("MultiheadAttention_self", [X(4, 2, 6)]);
        Add("MultiheadAttention_kdim", [X(4, 2, 6), X(5, 2, 5), X(5, 2, 5)]);
        Add("MultiheadAttention_bias", [X(4, 2, 6), X(5, 2, 6), X(5, 2, 6)]);
        Add("MultiheadAttention_mask", [X(4, 2, 6), ones(4, 4).triu(1).to_type(ScalarType.Bool)]);
        Add("MultiheadAttention_added_mask", [X(4, 2, 6), X(4, 4)], constants: [1]);
        Add("TransformerEncoderLayer", [X(4, 2, 6)]);
        Add("TransformerEncoderLayer_gelu", [X(4, 2, 6)]);
        Add("TransformerEncoder", [X(4, 2, 6)]);
        Add("TransformerDecoderLayer", [X(4, 2, 6), X(5, 2, 6)]);
        Add("TransformerDecoder", [X(4, 2, 6), X(5, 2, 6)]);
    }

    private void Arrangements()
    {
        Add("PReLU", [X(2, 3, 4)]);
        Add("CosineSimilarity", [X(3, 4), X(3, 4)]);
        Add("PairwiseDistance", [X(3, 4), X(3, 4)]);
        Add("PixelShuffle", [X(2, 8, 3, 2)]);
        Add("PixelUnshuffle", [X(2, 2, 4, 6)]);
        Add("Flatten", [X(2, 3, 4)]);
        Add("Unflatten", [X(2, 6)]);
        for (int n = 1; n <= 3; n++)
            Add($"ConstantPad{n}d", [X([1, 2, .. Enumerable.Repeat(3L, n)])]);
        for (int n = 1; n <= 2; n++)
        {
            Add($"ReflectionPad{n}d", [X([1, 2, .. Enumerable.Repeat(3L, n)])]);
            Add($"ReplicationPad{n}d", [X([1, 2, .. Enumerable.Repeat(3L, n)])]);
        }
        Add("ZeroPad2d", [X(1, 2, 3, 3)]);
    }

    private void Activations()
    {
        foreach (string name in "ReLU ReLU6 LeakyReLU ELU CELU SELU Hardtanh GELU SiLU Mish Sigmoid Tanh LogSigmoid Hardsigmoid Hardswish Softplus Softsign Tanhshrink Softshrink Hardshrink".Split(' '))
            Add(name, [X(3, 4) * 3]);
        Add("RReLU", [X(3, 4)], new { training = false });
        foreach (string name in new[] { "Threshold", "Softmax", "LogSoftmax", "Softmin" })
            Add(name, [X(3, 4)]);
        Add("Softmax2d", [X(2, 3, 2, 2)]);
        Add("GLU", [X(3, 4)]);
        Add("Sequential", [X(3, 4)]);
    }

    private void Losses()
    {
        Tensor Probabilities() => Drawn(Domain.Probability, 3, 4);
        foreach (string name in new[] { "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss" })
            Add(name, [X(3, 4), X(3, 4)]);
        Add("PoissonNLLLoss", [X(3, 4), X(3, 4).abs()]);
        Add("GaussianNLLLoss", [X(3, 4), X(3, 4), X(3, 4).abs() + 0.1]);
        Add("BCEWithLogitsLoss", [X(3, 4), Probabilities()]);
        Add("CrossEntropyLoss", [X(5, 3), Integers(3, 5)]);
        Add("NLLLoss", [X(5, 3).log_softmax(1), Integers(3, 5)]);
        Add("MultiMarginLoss", [X(3, 4), Integers(4, 3)]);
        Add("MultiLabelMarginLoss", [X(2, 4), Longs([2, 4], 3, 0, -1, 1, 1, -1, 2, 2)]);
        foreach (string name in new[] { "TripletMarginLoss", "TripletMarginWithDistanceLoss" })
            Add(name, [X(4, 3), X(4, 3), X(4, 3)]);
        Add("BCELoss", [Probabilities(), Integers(2, 3, 4).to_type(ScalarType.Float64)], constants: [1]);
        Add("HingeEmbeddingLoss", [X(6), X(6).sign()], constants: [1]);
        Add("SoftMarginLoss", [X(3, 4), X(3, 4).sign()], constants: [1]);
        Add("MultiLabelSoftMarginLoss", [X(3, 4), Probabilities()], constants: [1]);
        Add("MarginRankingLoss", [X(5), X(5), X(5).sign()], constants: [2]);
        Add("CosineEmbeddingLoss", [X(4, 3), X(4, 3), X(4).sign()], constants: [2]);
        Add("KLDivLoss", [X(3, 4).log_softmax(1), X(3, 4).log_softmax(1)]);
    }

    private void Volumes()
    {
        Add("Conv3d", [X(1, 2, 4, 4, 4)]);
        Add("Conv3d_same", [X(1, 2, 3, 3, 3)]);
        Add("ConvTranspose3d", [X(1, 2, 2, 3, 2)]);
        Add("MaxPool3d", [X(1, 2, 4, 4, 2)]);
        Add("AvgPool3d", [X(1, 2, 4, 4, 2)]);
        Add("AdaptiveAvgPool3d", [X(1, 2, 3, 4, 5)]);
        Add("AdaptiveMaxPool3d", [X(1, 2, 3, 4, 5)]);
        var (_, onLine) = nn.functional.max_pool1d_with_indices(X(1, 2, 4), 2);
        Add("MaxUnpool1d", [X(onLine.shape), onLine]);
        var (_, onPlane) = nn.functional.max_pool2d_with_indices(X(1, 2, 4, 4), [2, 2]);
        Add("MaxUnpool2d", [X(onPlane.shape), onPlane]);
        var (_, inSpace) = nn.functional.max_pool3d_with_indices(X(1, 2, 2, 4, 2), [2, 2, 2]);
        Add("MaxUnpool3d", [X(inSpace.shape), inSpace]);
        Add("Upsample", [X(1, 2, 3, 4)]);
        Add("Fold", [X(1, 8, 9)]);
        Add("Unfold", [X(1, 2, 4, 4)]);
        Add("ChannelShuffle", [X(1, 4, 2, 2)]);
        Add("CTCLoss", [X(5, 2, 4), Longs([2, 2], 1, 2, 3, 3), Longs([2], 5, 5), Longs([2], 2, 2)]);
    }
}
