using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.utils.rnn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public enum NonLinearities
            {
                ReLU = 0,
                Tanh = 1,
            }

            // Networks over sequences [L, N, in] ([N, L, in] with batchFirst). Elman, 1990; Hochreiter and Schmidhuber, 1997; Cho et al., 2014.
            public static RNN RNN(long inputSize, long hiddenSize, long numLayers = 1, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, nonLinearity, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>h′ = tanh(W x + b + U h + c), or with ReLU.</summary>
    public sealed class RNN : Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly RecurrentLayers _layers;

        internal RNN(long inputSize, long hiddenSize, long numLayers, NonLinearities nonLinearity, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype) : base(nameof(RNN))
        {
            var cell = nonLinearity == NonLinearities.Tanh ? RecurrentCell.Tanh : RecurrentCell.Relu;
            _layers = new RecurrentLayers(this, cell, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }

        /// <param name="input">[L, N, in], or [L, in].</param>
        /// <param name="h0">[layers · directions, N, hidden]; null is 0.</param>
        /// <returns>All outputs of the last layer, and the last hidden state of each layer.</returns>
        public override (Tensor, Tensor) forward(Tensor input, Tensor? h0)
        {
            var (output, hidden, _) = _layers.Run(input, h0, null, training);
            return (output, hidden);
        }

        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0!);

        /// <returns>All outputs of the last layer, packed as the input is, and the last hidden state of each layer.</returns>
        public (PackedSequence, Tensor) call(PackedSequence input, Tensor? h0 = null)
        {
            var (output, hidden, _) = _layers.Run(input, h0, null, training);
            return (output, hidden);
        }

        public Parameter? get_weight_ih(long idx) => _layers.Weight("weight_ih", idx);

        public Parameter? get_weight_hh(long idx) => _layers.Weight("weight_hh", idx);

        public Parameter? get_bias_ih(long idx) => _layers.Weight("bias_ih", idx);

        public Parameter? get_bias_hh(long idx) => _layers.Weight("bias_hh", idx);

        /// <summary>The weights lie as they are needed already.</summary>
        public void flatten_parameters() { }
    }

    /// <summary>Gates i, f, o and candidate g: c′ = f·c + i·g, h′ = o·tanh c′.</summary>
    public sealed class LSTM : Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentLayers _layers;

        internal LSTM(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype) : base(nameof(LSTM)) =>
            _layers = new RecurrentLayers(this, RecurrentCell.Lstm, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

        /// <returns>All outputs of the last layer, and the last hidden and cell state of each layer.</returns>
        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            var (output, hidden, cell) = _layers.Run(input, h0_c0?.Item1, h0_c0?.Item2, training);
            return (output, hidden, cell!);
        }

        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        /// <returns>All outputs of the last layer, packed as the input is, and the last hidden and cell state of each layer.</returns>
        public (PackedSequence, Tensor, Tensor) call(PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
        {
            var (output, hidden, cell) = _layers.Run(input, h0_c0?.Item1, h0_c0?.Item2, training);
            return (output, hidden, cell!);
        }

        /// <summary>The weights lie as they are needed already.</summary>
        public void flatten_parameters() { }
    }

    /// <summary>Gates r, z and candidate n: h′ = (1 − z)·n + z·h.</summary>
    public sealed class GRU : Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly RecurrentLayers _layers;

        internal GRU(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype) : base(nameof(GRU)) =>
            _layers = new RecurrentLayers(this, RecurrentCell.Gru, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

        public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
        {
            var (output, hidden, _) = _layers.Run(input, h0, null, training);
            return (output, hidden);
        }

        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0!);

        /// <returns>All outputs of the last layer, packed as the input is, and the last hidden state of each layer.</returns>
        public (PackedSequence, Tensor) call(PackedSequence input, Tensor? h0 = null)
        {
            var (output, hidden, _) = _layers.Run(input, h0, null, training);
            return (output, hidden);
        }

        /// <summary>The weights lie as they are needed already.</summary>
        public void flatten_parameters() { }
    }
}
