using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Leaky ReLU with learned slopes: one for all, or one a channel. He et al., 2015.</summary>
            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) =>
                new(num_parameters, init, device, dtype);
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class PReLU : nn.Module<Tensor, Tensor>
    {
        internal PReLU(long num_parameters, double init, Device? device, ScalarType? dtype) : base(nameof(PReLU))
        {
            (this.num_parameters, this.init) = (num_parameters, init);
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            weight = new Parameter(full(num_parameters, init, dtype, device));
        }

        public long num_parameters { get; }

        public double init { get; }

        public Parameter weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value); }

        public override Tensor forward(Tensor tensor) => nn.functional.prelu(tensor, weight);
    }
}
