using TorchSharp.Modules;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A tensor that a module registers as trainable when it is a field of the module.</summary>
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }

    public static partial class TensorExtensionMethods
    {
        public static Parameter AsParameter(this torch.Tensor tensor) => new(tensor);
    }
}

namespace TorchSharp.Modules
{
    /// <summary>A leaf tensor over the same memory as <c>data</c>, which optimisers update.</summary>
    public class Parameter : torch.Tensor
    {
        /// <summary>Takes the values over: <paramref name="data"/> is invalid afterwards.</summary>
        public Parameter(torch.Tensor data, bool requires_grad = true) : base(data) => this.requires_grad = requires_grad;
    }
}
