using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // Smooth activations.
            public static GELU GELU() => new(Modules.GELU.Approximate.none, false);

            public static GELU GELU(bool inplace) => new(Modules.GELU.Approximate.none, inplace);

            public static GELU GELU(GELU.Approximate approximate, bool inplace = false) => new(approximate, inplace);

            public static SiLU SiLU() => new(false);

            public static SiLU SiLU(bool inplace) => new(inplace);

            public static Mish Mish() => new(false);

            public static Mish Mish(bool inplace) => new(inplace);

            public static Sigmoid Sigmoid() => new(false);

            public static Sigmoid Sigmoid(bool inplace) => new(inplace);

            public static Tanh Tanh() => new(false);

            public static Tanh Tanh(bool inplace = false) => new(inplace);

            public static LogSigmoid LogSigmoid() => new();

            public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);

            public static Hardswish Hardswish(bool inplace = false) => new(inplace);

            public static Softplus Softplus(double beta = 1.0, double threshold = 20.0) => new(beta, threshold);

            public static Softsign Softsign() => new(false);

            public static Softsign Softsign(bool inplace) => new(inplace);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>x·Φ(x), or its approximation by tanh. Hendrycks and Gimpel, 2016.</summary>
    public sealed class GELU : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        public Approximate approximate { get; set; }

        internal GELU(Approximate approximate, bool inplace) : base(nameof(GELU)) => (this.approximate, this.inplace) = (approximate, inplace);

        public override Tensor forward(Tensor tensor) => gelu(tensor, approximate, inplace);

        public enum Approximate
        {
            none,
            tanh,
        }
    }

    /// <summary>x·σ(x).</summary>
    public sealed class SiLU : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal SiLU(bool inplace) : base(nameof(SiLU)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => silu(tensor, inplace);
    }

    /// <summary>x·tanh(softplus(x)).</summary>
    public sealed class Mish : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal Mish(bool inplace) : base(nameof(Mish)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => mish(tensor, inplace);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public sealed class Sigmoid : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal Sigmoid(bool inplace) : base(nameof(Sigmoid)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => sigmoid(tensor, inplace);
    }

    /// <summary>(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).</summary>
    public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal Tanh(bool inplace) : base(nameof(Tanh)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => tanh(tensor, inplace);
    }

    /// <summary>log σ(x).</summary>
    public sealed class LogSigmoid : ParameterLessModule<Tensor, Tensor>
    {
        internal LogSigmoid() : base(nameof(LogSigmoid)) { }

        public override Tensor forward(Tensor tensor) => logsigmoid(tensor);
    }

    /// <summary>Piecewise linear σ.</summary>
    public sealed class Hardsigmoid : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => hardsigmoid(tensor, inplace);
    }

    /// <summary>x·hardsigmoid(x).</summary>
    public sealed class Hardswish : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal Hardswish(bool inplace) : base(nameof(Hardswish)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => hardswish(tensor, inplace);
    }

    /// <summary>log(1 + e^(βx)) / β.</summary>
    public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
    {
        public double beta { get; set; }

        public double threshold { get; set; }

        internal Softplus(double beta, double threshold) : base(nameof(Softplus)) =>
            (this.beta, this.threshold) = (beta, threshold);

        public override Tensor forward(Tensor tensor) => softplus(tensor, beta, threshold);
    }

    /// <summary>x / (1 + |x|).</summary>
    public sealed class Softsign : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal Softsign(bool inplace) : base(nameof(Softsign)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => softsign(tensor, inplace);
    }
}
