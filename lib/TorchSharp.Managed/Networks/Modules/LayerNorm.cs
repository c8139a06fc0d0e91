using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Normalises over the last dimensions. Ba et al., 2016.</summary>
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1E-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            /// <summary>Normalises over groups of channels of each image. Wu and He, 2018.</summary>
            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1E-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);

            /// <summary>Divides by the activity of neighbouring channels. Krizhevsky et al., 2012.</summary>
            public static LocalResponseNorm LocalResponseNorm(long size, double alpha = 0.0001, double beta = 0.75, double k = 1.0) => new(size, alpha, beta, k);
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class LayerNorm : Module<Tensor, Tensor>
    {
        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
        {
            (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            if (!elementwise_affine)
                return;
            weight = new Parameter(ones(normalized_shape, dtype, device));
            if (bias)
                this.bias = new Parameter(zeros(normalized_shape, dtype, device));
        }

        public long[] normalized_shape { get; set; }

        public double eps { get; set; }

        public bool elementwise_affine { get; set; }

        public Parameter? weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value!); }

        public Parameter? bias { get; set => ConditionallyRegisterParameter(nameof(bias), field = value!); }

        public void reset_parameters()
        {
            if (weight is not null)
                init.ones_(weight);
            if (bias is not null)
                init.zeros_(bias);
        }

        public override Tensor forward(Tensor tensor) => functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }

    public sealed class GroupNorm : Module<Tensor, Tensor>
    {
        internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
        {
            (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            if (!affine)
                return;
            weight = new Parameter(ones([num_channels], dtype, device));
            bias = new Parameter(zeros([num_channels], dtype, device));
        }

        public long num_groups { get; set; }

        public double eps { get; set; }

        public bool affine { get; set; }

        public Parameter? weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value!); }

        public Parameter? bias { get; set => ConditionallyRegisterParameter(nameof(bias), field = value!); }

        /// <exception cref="ArgumentException">The input has less than three dimensions.</exception>
        public override Tensor forward(Tensor tensor) => tensor.dim() < 3 ? throw new ArgumentException($"Invalid number of dimensions for GroupNorm argument: {tensor.dim()}, expected at least 3")
            : functional.group_norm(tensor, num_groups, weight, bias, eps);
    }

    public sealed class LocalResponseNorm : ParameterLessModule<Tensor, Tensor>
    {
        internal LocalResponseNorm(long size, double alpha, double beta, double k) : base(nameof(LocalResponseNorm)) => (this.size, this.alpha, this.beta, this.k) = (size, alpha, beta, k);

        public long size { get; set; }

        public double alpha { get; set; }

        public double beta { get; set; }

        public double k { get; set; }

        /// <exception cref="ArgumentException">The input has less than three dimensions.</exception>
        public override Tensor forward(Tensor input) => input.dim() < 3 ? throw new ArgumentException($"Invalid number of dimensions for LocalResponseNorm argument: {input.dim()}, expected at least 3")
            : functional.local_response_norm(input, size, alpha, beta, k);
    }
}
