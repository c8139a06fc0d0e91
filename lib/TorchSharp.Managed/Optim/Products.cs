using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Sums with a product or a quotient, as optimisers need them.</summary>
static class Products
{
    internal static Tensor addcmul(this Tensor x, Tensor a, Tensor b, double value) => x.add(a.mul(b), value);

    internal static Tensor addcmul_(this Tensor x, Tensor a, Tensor b, double value) => x.add_(a.mul(b), value);

    internal static Tensor addcdiv_(this Tensor x, Tensor a, Tensor b, double value = 1) => x.add_(a.div(b), value);
}
