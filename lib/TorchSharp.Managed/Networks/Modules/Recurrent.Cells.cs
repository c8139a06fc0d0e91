using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // One step of a recurrent network.
            public static RNNCell RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, nonLinearity, bias, device, dtype);

            public static LSTMCell LSTMCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, hiddenSize, bias, device, dtype);

            public static GRUCell GRUCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, hiddenSize, bias, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>The mathematics of one step, from the two products W x + b and U h + c.</summary>
    internal abstract class RecurrentCell
    {
        internal static readonly RecurrentCell Tanh = new Elman(functional.tanh), Relu = new Elman(functional.relu), Lstm = new LongShortTerm(), Gru = new Gated();

        /// <summary>How many hidden-sized parts the weights have.</summary>
        internal abstract int Gates { get; }

        internal virtual bool HasCell => false;

        internal abstract (Tensor hidden, Tensor? cell) Step(Tensor fromInput, Tensor fromHidden, Tensor hidden, Tensor? cell);

        private sealed class Elman(Func<Tensor, bool, Tensor> activation) : RecurrentCell
        {
            internal override int Gates => 1;

            internal override (Tensor, Tensor?) Step(Tensor fromInput, Tensor fromHidden, Tensor hidden, Tensor? cell) => (activation(fromInput + fromHidden, false), null);
        }

        private sealed class LongShortTerm : RecurrentCell
        {
            internal override int Gates => 4;

            internal override bool HasCell => true;

            internal override (Tensor, Tensor?) Step(Tensor fromInput, Tensor fromHidden, Tensor hidden, Tensor? cell)
            {
                var gates = (fromInput + fromHidden).chunk(4, 1);
                var next = gates[1].sigmoid() * cell! + gates[0].sigmoid() * gates[2].tanh();
                return (gates[3].sigmoid() * next.tanh(), next);
            }
        }

        private sealed class Gated : RecurrentCell
        {
            internal override int Gates => 3;

            internal override (Tensor, Tensor?) Step(Tensor fromInput, Tensor fromHidden, Tensor hidden, Tensor? cell)
            {
                Tensor[] x = fromInput.chunk(3, 1), h = fromHidden.chunk(3, 1);
                Tensor reset = (x[0] + h[0]).sigmoid(), update = (x[1] + h[1]).sigmoid();
                var candidate = (x[2] + reset * h[2]).tanh();
                return ((hidden - candidate) * update + candidate, null);
            }
        }

        /// <summary>Uniform in ±1/√hidden, in the order of creation.</summary>
        internal static Parameter NewWeight(double bound, long[] shape, Device? device, ScalarType? dtype)
        {
            var weight = new Parameter(empty(shape, dtype, device));
            init.uniform_(weight, -bound, bound);
            return weight;
        }

        /// <summary>The weights of the input and of the hidden state, and their biases.</summary>
        internal (Parameter weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) NewWeights(long inputSize, long hiddenSize, bool bias, Device? device, ScalarType? dtype)
        {
            double bound = hiddenSize > 0 ? 1 / Math.Sqrt(hiddenSize) : 0;
            Parameter weightIh = NewWeight(bound, [Gates * hiddenSize, inputSize], device, dtype), weightHh = NewWeight(bound, [Gates * hiddenSize, hiddenSize], device, dtype);
            return bias ? (weightIh, weightHh, NewWeight(bound, [Gates * hiddenSize], device, dtype), NewWeight(bound, [Gates * hiddenSize], device, dtype)) : (weightIh, weightHh, null, null);
        }

        /// <summary>One step alone: input [N, in] or [in]; hidden and cell state [N, hidden], [hidden] or null for 0.</summary>
        internal (Tensor hidden, Tensor? cell) Step(Tensor input, Tensor? h0, Tensor? c0, Parameter weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
        {
            using var scope = DisposeScope.ForTemporaries();
            bool batched = input.dim() == 2;
            var x = batched ? input : input.unsqueeze(0);
            Tensor Batch(Tensor? state) => State(batched ? state : state?.unsqueeze(0), input, x.shape[0], weightHh.shape[1]);
            var hidden = Batch(h0);
            var (next, cell) = Step(functional.linear(x, weightIh, biasIh), functional.linear(hidden, weightHh, biasHh), hidden, HasCell ? Batch(c0) : null);
            next = scope.MoveToOuter(batched ? next : next.squeeze(0));
            return (next, cell is null ? null : scope.MoveToOuter(batched ? cell : cell.squeeze(0)));
        }

        internal static Tensor State(Tensor? state, Tensor like, params long[] shape) => state ?? zeros(shape, like.dtype, like.device);
    }

    public sealed class RNNCell : Module<Tensor, Tensor, Tensor>
    {
        private readonly RecurrentCell _cell;

        public Parameter weight_ih { get; set => ConditionallyRegisterParameter(nameof(weight_ih), field = value); }

        public Parameter weight_hh { get; set => ConditionallyRegisterParameter(nameof(weight_hh), field = value); }

        public Parameter? bias_ih { get; set => ConditionallyRegisterParameter(nameof(bias_ih), field = value!); }

        public Parameter? bias_hh { get; set => ConditionallyRegisterParameter(nameof(bias_hh), field = value!); }

        internal RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity, bool bias, Device? device, ScalarType? dtype) : base(nameof(RNNCell))
        {
            _cell = nonLinearity == NonLinearities.Tanh ? RecurrentCell.Tanh : RecurrentCell.Relu;
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            (weight_ih, weight_hh, bias_ih, bias_hh) = _cell.NewWeights(inputSize, hiddenSize, bias, device, dtype);
        }

        /// <param name="input">[N, in], or [in].</param>
        /// <param name="h0">[N, hidden], or [hidden]; null is 0.</param>
        public override Tensor forward(Tensor input, Tensor? h0 = null) => _cell.Step(input, h0, null, weight_ih, weight_hh, bias_ih, bias_hh).hidden;
    }

    public sealed class GRUCell : Module<Tensor, Tensor, Tensor>
    {
        public Parameter weight_ih { get; set => ConditionallyRegisterParameter(nameof(weight_ih), field = value); }

        public Parameter weight_hh { get; set => ConditionallyRegisterParameter(nameof(weight_hh), field = value); }

        public Parameter? bias_ih { get; set => ConditionallyRegisterParameter(nameof(bias_ih), field = value!); }

        public Parameter? bias_hh { get; set => ConditionallyRegisterParameter(nameof(bias_hh), field = value!); }

        internal GRUCell(long inputSize, long hiddenSize, bool bias, Device? device, ScalarType? dtype) : base(nameof(GRUCell))
        {
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            (weight_ih, weight_hh, bias_ih, bias_hh) = RecurrentCell.Gru.NewWeights(inputSize, hiddenSize, bias, device, dtype);
        }

        /// <param name="input">[N, in], or [in].</param>
        /// <param name="h0">[N, hidden], or [hidden]; null is 0.</param>
        public override Tensor forward(Tensor input, Tensor? h0 = null) => RecurrentCell.Gru.Step(input, h0, null, weight_ih, weight_hh, bias_ih, bias_hh).hidden;
    }

    public sealed class LSTMCell : Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
    {
        public Parameter weight_ih { get; set => ConditionallyRegisterParameter(nameof(weight_ih), field = value); }

        public Parameter weight_hh { get; set => ConditionallyRegisterParameter(nameof(weight_hh), field = value); }

        public Parameter? bias_ih { get; set => ConditionallyRegisterParameter(nameof(bias_ih), field = value!); }

        public Parameter? bias_hh { get; set => ConditionallyRegisterParameter(nameof(bias_hh), field = value!); }

        internal LSTMCell(long inputSize, long hiddenSize, bool bias, Device? device, ScalarType? dtype) : base(nameof(LSTMCell))
        {
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            (weight_ih, weight_hh, bias_ih, bias_hh) = RecurrentCell.Lstm.NewWeights(inputSize, hiddenSize, bias, device, dtype);
        }

        /// <param name="input">[N, in], or [in].</param>
        /// <param name="h0_c0">Hidden and cell state [N, hidden], or [hidden]; null is 0.</param>
        public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0)
        {
            var (hidden, cell) = RecurrentCell.Lstm.Step(input, h0_c0?.Item1, h0_c0?.Item2, weight_ih, weight_hh, bias_ih, bias_hh);
            return (hidden, cell!);
        }

        public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);
    }
}
