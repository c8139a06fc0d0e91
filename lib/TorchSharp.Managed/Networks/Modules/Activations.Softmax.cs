using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            // Softmax and its relatives; gated units.
            public static Softmax Softmax(long dim) => new(dim);

            public static LogSoftmax LogSoftmax(long dim) => new(dim);

            public static Softmin Softmin(long dim) => new(dim);

            public static Softmax2d Softmax2d() => new();

            public static GLU GLU(long dim = -1) => new(dim);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>e^x / Σ e^x along a dimension.</summary>
    public sealed class Softmax : ParameterLessModule<Tensor, Tensor>
    {
        public long dim { get; set; }

        internal Softmax(long dim) : base(nameof(Softmax)) => this.dim = dim;

        public override Tensor forward(Tensor tensor) => softmax(tensor, dim);
    }

    /// <summary>The logarithm of softmax, computed stably.</summary>
    public sealed class LogSoftmax : ParameterLessModule<Tensor, Tensor>
    {
        public long dim { get; set; }

        internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) => this.dim = dim;

        public override Tensor forward(Tensor tensor) => log_softmax(tensor, dim);
    }

    /// <summary>softmax(−x).</summary>
    public sealed class Softmin : ParameterLessModule<Tensor, Tensor>
    {
        public long dim { get; set; }

        internal Softmin(long dim) : base(nameof(Softmin)) => this.dim = dim;

        public override Tensor forward(Tensor tensor) => softmin(tensor, dim);
    }

    /// <summary>Softmax over the channels of an image.</summary>
    public sealed class Softmax2d : ParameterLessModule<Tensor, Tensor>
    {
        internal Softmax2d() : base(nameof(Softmax2d)) { }

        public override Tensor forward(Tensor tensor) => softmax2d(tensor);
    }

    /// <summary>First half times σ(second half).</summary>
    public sealed class GLU : ParameterLessModule<Tensor, Tensor>
    {
        public long dim { get; set; }

        internal GLU(long dim) : base(nameof(GLU)) => this.dim = dim;

        public override Tensor forward(Tensor tensor) => glu(tensor, dim);
    }
}
