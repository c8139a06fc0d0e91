using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // Rectifiers: the identity where x is positive.
            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static ReLU6 ReLU6(bool inplace = false) => new(inplace);

            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

            public static RReLU RReLU(double lower = 0.125, double upper = 0.3333333333333333, bool inplace = false) => new(lower, upper, inplace);

            public static ELU ELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

            public static CELU CELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

            public static SELU SELU(bool inplace = false) => new(inplace);

            public static Threshold Threshold(double threshold, double value, bool inplace = false) => new(threshold, value, inplace);

            public static Hardtanh Hardtanh(double min_val = -1.0, double max_val = 1.0, bool inplace = false) => new(min_val, max_val, inplace);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>max(x, 0).</summary>
    public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal ReLU(bool inplace) : base(nameof(ReLU)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => relu(tensor, inplace);
    }

    /// <summary>min(max(x, 0), 6).</summary>
    public sealed class ReLU6 : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal ReLU6(bool inplace) : base(nameof(ReLU6)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => relu6(tensor, inplace);
    }

    /// <summary>x where x &gt; 0, else slope·x.</summary>
    public sealed class LeakyReLU : ParameterLessModule<Tensor, Tensor>
    {
        public double negative_slope { get; set; }

        public bool inplace { get; set; }

        internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU)) =>
            (this.negative_slope, this.inplace) = (negative_slope, inplace);

        public override Tensor forward(Tensor tensor) => leaky_relu(tensor, negative_slope, inplace);
    }

    /// <summary>Leaky ReLU with the mean slope of a range.</summary>
    public sealed class RReLU : ParameterLessModule<Tensor, Tensor>
    {
        public double lower { get; set; }

        public double upper { get; set; }

        public bool inplace { get; set; }

        internal RReLU(double lower, double upper, bool inplace) : base(nameof(RReLU)) =>
            (this.lower, this.upper, this.inplace) = (lower, upper, inplace);

        public override Tensor forward(Tensor tensor) => rrelu(tensor, lower, upper, inplace);
    }

    /// <summary>x where x &gt; 0, else α(eˣ − 1).</summary>
    public sealed class ELU : ParameterLessModule<Tensor, Tensor>
    {
        public double alpha { get; set; }

        public bool inplace { get; set; }

        internal ELU(double alpha, bool inplace) : base(nameof(ELU)) =>
            (this.alpha, this.inplace) = (alpha, inplace);

        public override Tensor forward(Tensor tensor) => elu(tensor, alpha, inplace);
    }

    /// <summary>x where x &gt; 0, else α(e^(x/α) − 1).</summary>
    public sealed class CELU : ParameterLessModule<Tensor, Tensor>
    {
        public double alpha { get; set; }

        public bool inplace { get; set; }

        internal CELU(double alpha, bool inplace) : base(nameof(CELU)) =>
            (this.alpha, this.inplace) = (alpha, inplace);

        public override Tensor forward(Tensor tensor) => celu(tensor, alpha, inplace);
    }

    /// <summary>Self-normalising ELU.</summary>
    public sealed class SELU : ParameterLessModule<Tensor, Tensor>
    {
        public bool inplace { get; set; }

        internal SELU(bool inplace) : base(nameof(SELU)) => this.inplace = inplace;

        public override Tensor forward(Tensor tensor) => selu(tensor, inplace);
    }

    /// <summary>x where x &gt; threshold, else a constant.</summary>
    public sealed class Threshold : ParameterLessModule<Tensor, Tensor>
    {
        public double threshold { get; set; }

        public double value { get; set; }

        public bool inplace { get; set; }

        internal Threshold(double threshold, double value, bool inplace) : base(nameof(Threshold)) =>
            (this.threshold, this.value, this.inplace) = (threshold, value, inplace);

        public override Tensor forward(Tensor tensor) => nn.functional.threshold(tensor, threshold, value, inplace);
    }

    /// <summary>x limited to a range.</summary>
    public sealed class Hardtanh : ParameterLessModule<Tensor, Tensor>
    {
        public double min_val { get; set; }

        public double max_val { get; set; }

        public bool inplace { get; set; }

        internal Hardtanh(double min_val, double max_val, bool inplace) : base(nameof(Hardtanh)) =>
            (this.min_val, this.max_val, this.inplace) = (min_val, max_val, inplace);

        public override Tensor forward(Tensor tensor) => hardtanh(tensor, min_val, max_val, inplace);
    }
}
