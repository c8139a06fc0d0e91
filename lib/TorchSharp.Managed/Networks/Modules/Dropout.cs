using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // Random deletions while training; the identity in evaluation.
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static FeatureAlphaDropout FeatureAlphaDropout(double p = 0.5) => new(p, false);

            public static FeatureAlphaDropout FeatureAlphaDropout(double p, bool inplace) => new(p, inplace);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Sets elements to 0 with probability p and scales the others.</summary>
    public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
    {
        public double p { get; set; }

        public bool inplace { get; set; }

        internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (this.p, this.inplace) = (RequireProbability(p), inplace);

        public override Tensor forward(Tensor tensor) => dropout(tensor, p, training, inplace);
    }

    /// <summary>Drops whole channels of sequences.</summary>
    public sealed class Dropout1d : ParameterLessModule<Tensor, Tensor>
    {
        public double p { get; set; }

        public bool inplace { get; set; }

        internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d)) => (this.p, this.inplace) = (RequireProbability(p), inplace);

        public override Tensor forward(Tensor tensor) => dropout1d(tensor, p, training, inplace);
    }

    /// <summary>Drops whole channels of images.</summary>
    public sealed class Dropout2d : ParameterLessModule<Tensor, Tensor>
    {
        public double p { get; set; }

        public bool inplace { get; set; }

        internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d)) => (this.p, this.inplace) = (RequireProbability(p), inplace);

        public override Tensor forward(Tensor input) => dropout2d(input, p, training, inplace);
    }

    /// <summary>Drops whole channels of volumes.</summary>
    public sealed class Dropout3d : ParameterLessModule<Tensor, Tensor>
    {
        public double p { get; set; }

        public bool inplace { get; set; }

        internal Dropout3d(double p, bool inplace) : base(nameof(Dropout3d)) => (this.p, this.inplace) = (RequireProbability(p), inplace);

        public override Tensor forward(Tensor input) => dropout3d(input, p, training, inplace);
    }

    /// <summary>Dropout for networks of SELUs.</summary>
    public sealed class AlphaDropout : ParameterLessModule<Tensor, Tensor>
    {
        public double p { get; set; }

        public bool inplace { get; set; }

        internal AlphaDropout(double p, bool inplace) : base(nameof(AlphaDropout)) => (this.p, this.inplace) = (RequireProbability(p), inplace);

        public override Tensor forward(Tensor tensor) => alpha_dropout(tensor, p, training, inplace);
    }

    /// <summary>Alpha dropout of whole channels.</summary>
    public sealed class FeatureAlphaDropout : ParameterLessModule<Tensor, Tensor>
    {
        public double p { get; set; }

        public bool inplace { get; set; }

        internal FeatureAlphaDropout(double p, bool inplace) : base(nameof(FeatureAlphaDropout)) => (this.p, this.inplace) = (RequireProbability(p), inplace);

        public override Tensor forward(Tensor input) => feature_alpha_dropout(input, p, training, inplace);
    }
}
