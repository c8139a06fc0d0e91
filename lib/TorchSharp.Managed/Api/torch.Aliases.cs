namespace TorchSharp;

public static partial class torch
{
    // Other names, and tensors of one type.
    public static Tensor negative_(Tensor input) => input.neg_();

    public static Tensor multiply_(Tensor left, Tensor right) => left.mul_(right);

    public static Tensor multiply_(Tensor left, Scalar right) => left.mul_(right);

    public static Tensor trapz(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);

    public static Tensor trapz(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);

    public static (Tensor res, Tensor logabsdet) slogdet(Tensor A) => linalg.slogdet(A);

    public static Tensor FloatTensor(Tensor t) => t.@float();

    public static Tensor DoubleTensor(Tensor t) => t.@double();

    public static Tensor LongTensor(Tensor t) => t.@long();

    public static Tensor IntTensor(Tensor t) => t.@int();

    public static Tensor ShortTensor(Tensor t) => t.@short();

    public static Tensor ByteTensor(Tensor t) => t.@byte();

    public static Tensor BoolTensor(Tensor t) => t.@bool();

    public static bool randint_bool(Generator? generator = null) => randint_long(0, 2, generator) == 1;
}
