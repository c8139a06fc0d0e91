using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // Functions that pull small values to zero.
            public static Tanhshrink Tanhshrink() => new(false);

            public static Tanhshrink Tanhshrink(bool inplace = false) => new(inplace);

            public static Softshrink Softshrink(double lambda = 0.5) => new(lambda);

            public static Hardshrink Hardshrink(double lambda = 0.5) => new(lambda);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>x − tanh x.</summary>
    public sealed class Tanhshrink : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal Tanhshrink(bool inplace) : base(nameof(Tanhshrink)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => tanhshrink(tensor, inplace);
    }

    /// <summary>x moved towards 0 by λ.</summary>
    public sealed class Softshrink : ParameterLessModule<Tensor, Tensor>
    {
        public double lambda { get; set; }

        internal Softshrink(double lambda) : base(nameof(Softshrink)) => this.lambda = lambda;

        public override Tensor forward(Tensor tensor) => softshrink(tensor, lambda);
    }

    /// <summary>x where |x| &gt; λ, else 0.</summary>
    public sealed class Hardshrink : ParameterLessModule<Tensor, Tensor>
    {
        public double lambda { get; set; }

        internal Hardshrink(double lambda) : base(nameof(Hardshrink)) => this.lambda = lambda;

        public override Tensor forward(Tensor tensor) => hardshrink(tensor, lambda);
    }
}
