using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // (x − mean) / √(variance + ε)·γ + β, with statistics over a batch or over each image.
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm3d BatchNorm3d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static InstanceNorm1d InstanceNorm1d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static InstanceNorm2d InstanceNorm2d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static InstanceNorm3d InstanceNorm3d(long num_features, double eps = 1E-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Scale, shift and running statistics of one value a channel.</summary>
    public abstract class NormBase : Module<Tensor, Tensor>
    {
        private protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
        {
            (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            if (affine)
            {
                weight = new Parameter(ones([num_features], dtype, device));
                bias = new Parameter(zeros([num_features], dtype, device));
            }
            if (!track_running_stats)
                return;
            running_mean = zeros([num_features], dtype, device);
            running_var = ones([num_features], dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
        }

        private protected override bool LivesOnADevice => affine || track_running_stats;

        public long num_features { get; }

        public double eps { get; set; }

        /// <summary>Share of the newest batch in the running statistics; null averages all batches alike.</summary>
        public double? momentum { get; set; }

        public bool affine { get; }

        public bool track_running_stats { get; }

        public Parameter? weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value!); }

        public Parameter? bias { get; set => ConditionallyRegisterParameter(nameof(bias), field = value!); }

        public Tensor? running_mean { get; set => ConditionallyRegisterBuffer(nameof(running_mean), field = value!); }

        public Tensor? running_var { get; set => ConditionallyRegisterBuffer(nameof(running_var), field = value!); }

        public Tensor? num_batches_tracked { get; set => ConditionallyRegisterBuffer(nameof(num_batches_tracked), field = value!); }

        public void reset_running_stats()
        {
            running_mean?.zero_();
            running_var?.fill_(1);
            num_batches_tracked?.zero_();
        }

        public void reset_parameters()
        {
            reset_running_stats();
            if (weight is not null)
                init.ones_(weight);
            if (bias is not null)
                init.zeros_(bias);
        }

        protected abstract void ValidateInputDimensions(Tensor input);

        private protected void RequireDimensions(Tensor input, params ReadOnlySpan<long> allowed)
        {
            if (!allowed.Contains(input.dim()))
                throw new ArgumentException($"{GetName()}: expected {string.Join(" or ", allowed.ToArray().Select(n => $"{n}D"))} input, got shape [{string.Join(", ", input.shape)}].", nameof(input));
        }

        private protected void RequireChannels(Tensor input, long channels)
        {
            if (channels != num_features)
                throw new ArgumentException($"{GetName()}: expected {num_features} channels, got an input of shape [{string.Join(", ", input.shape)}].", nameof(input));
        }
    }

    /// <summary>Statistics over the batch while training, running statistics in evaluation. Ioffe and Szegedy, 2015.</summary>
    public abstract class BatchNorm : NormBase
    {
        private protected BatchNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

        public override Tensor forward(Tensor input)
        {
            ValidateInputDimensions(input);
            RequireChannels(input, input.shape[1]);
            double factor = momentum ?? 0;
            if (training && num_batches_tracked is { } count)
            {
                count.add_(1);
                factor = momentum ?? 1.0 / count.item<long>();
            }
            bool useBatch = training || running_mean is null || running_var is null, useRunning = !training || track_running_stats;
            return functional.batch_norm(input, useRunning ? running_mean! : null!, useRunning ? running_var! : null!, weight, bias, useBatch, factor, eps);
        }
    }

    /// <summary>Batch normalisation of [N, C] or [N, C, L].</summary>
    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d)) { }

        protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, 2, 3);
    }

    /// <summary>Batch normalisation of [N, C, H, W].</summary>
    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d)) { }

        protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, 4);
    }

    /// <summary>Batch normalisation of [N, C, D, H, W].</summary>
    public sealed class BatchNorm3d : BatchNorm
    {
        internal BatchNorm3d(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm3d)) { }

        protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, 5);
    }
}
