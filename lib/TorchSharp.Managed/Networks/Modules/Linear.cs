using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>y = x·Wᵀ + b over the last dimension.</summary>
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            /// <param name="weight">[out, in].</param>
            /// <param name="bias">[out], or null.</param>
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

            /// <summary>y[k] = x₁·W[k]·x₂ + b[k].</summary>
            public static Bilinear Bilinear(long in1_features, long in2_features, long out_features, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in1_features, in2_features, out_features, hasBias, device, dtype);

            public static Identity Identity() => new();
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class Linear : Module<Tensor, Tensor>
    {
        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            weight = new Parameter(empty([outputSize, inputSize], dtype, device));
            init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (!hasBias)
                return;
            bias = new Parameter(empty([outputSize], dtype, device));
            double bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
            init.uniform_(bias, -bound, bound);
        }

        /// <summary>Draws what libtorch draws for a copy, whose numbers are overwritten then.</summary>
        internal void DrawAsAClone() => empty(weight.numel() + (bias?.numel() ?? 0)).uniform_(0, 1).Discard();

        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            if (weight.dim() != 2 || bias is not null && (bias.dim() != 1 || bias.shape[0] != weight.shape[0]))
                throw new ArgumentException($"Linear expects weight [out, in] and bias [out], got [{string.Join(", ", weight.shape)}] and {(bias is null ? "none" : $"[{string.Join(", ", bias.shape)}]")}.");
            (out_features, in_features) = (weight.shape[0], weight.shape[1]);
            (this.weight, this.bias) = (weight, bias);
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public Parameter weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value); }

        public Parameter? bias { get; set => ConditionallyRegisterParameter(nameof(bias), field = value!); }

        public override Tensor forward(Tensor tensor) => functional.linear(tensor, weight, bias);
    }

    public sealed class Bilinear : Module<Tensor, Tensor, Tensor>
    {
        internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Bilinear))
        {
            (this.in1_features, this.in2_features, this.out_features) = (in1_features, in2_features, out_features);
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            double bound = 1 / Math.Sqrt(in1_features);
            weight = new Parameter(empty([out_features, in1_features, in2_features], dtype, device));
            init.uniform_(weight, -bound, bound);
            if (!hasBias)
                return;
            bias = new Parameter(empty([out_features], dtype, device));
            init.uniform_(bias, -bound, bound);
        }

        public long in1_features { get; set; }

        public long in2_features { get; set; }

        public long out_features { get; set; }

        public Parameter weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value); }

        public Parameter? bias { get; set => ConditionallyRegisterParameter(nameof(bias), field = value!); }

        public override Tensor forward(Tensor input1, Tensor input2) => functional.bilinear(input1, input2, weight, bias);
    }

    /// <summary>Returns its input.</summary>
    public sealed class Identity : ParameterLessModule<Tensor, Tensor>
    {
        internal Identity() : base(nameof(Identity)) { }

        public override Tensor forward(Tensor tensor) => tensor.alias();
    }
}
