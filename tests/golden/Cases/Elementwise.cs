using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Functions of one number and of two.</summary>
internal static class Elementwise
{
    internal static readonly ScalarType[] Both = [ScalarType.Float32, ScalarType.Float64];

    private static readonly (string name, Domain domain)[] Functions =
    [
        .. Each(Domain.AwayFromZero, "abs"), .. Each(Domain.Any, "neg"), .. Each(Domain.Positive, "sqrt rsqrt"), .. Each(Domain.Any, "exp exp2 expm1"),
        .. Each(Domain.Positive, "log log2 log10 log1p"), .. Each(Domain.Any, "sin cos"), .. Each(Domain.Unit, "tan asin acos"), .. Each(Domain.Any, "atan sinh cosh tanh asinh"),
        .. Each(Domain.AboveOne, "acosh"), .. Each(Domain.Unit, "atanh"), .. Each(Domain.Any, "sigmoid erf erfc"), .. Each(Domain.Unit, "erfinv"),
        .. Each(Domain.Positive, "lgamma digamma"), .. Each(Domain.Any, "square"), .. Each(Domain.AwayFromZero, "reciprocal floor ceil round trunc frac sign relu sinc"),
        .. Each(Domain.Any, "positive"), .. Each(Domain.Probability, "logit"), .. Each(Domain.Any, "deg2rad rad2deg"),
    ];

    internal static IEnumerable<(string, Domain)> Each(Domain domain, string names) => names.Split(' ').Select(name => (name, domain));

    internal static void Unary(CaseWriter g)
    {
        foreach (var (name, domain) in Functions)
        {
            foreach (var type in Both)
                foreach (long[] shape in new long[][] { [7], [2, 3, 4] })
                    g.Add(name, [g.Draws.Real(shape, type, domain)]);
            g.Add(name, [g.Draws.Real([4, 3], ScalarType.Float64, domain)], new { transposed = true });
        }
        foreach (string name in new[] { "abs", "exp", "sqrt", "relu" })
        {
            g.Add(name, [g.Draws.Real([0, 3], ScalarType.Float32, Domain.Positive)]);
            g.Add(name, [g.Draws.Real([], ScalarType.Float64, Domain.Positive)]);
        }
    }

    internal static void Binary(CaseWriter g)
    {
        (long[] a, long[] b)[] shapes = [([6], [6]), ([2, 3], [3]), ([2, 1, 4], [3, 1]), ([], [2, 2])];
        Tensor Real(long[] shape, ScalarType type = ScalarType.Float64, Domain domain = Domain.Any) => g.Draws.Real(shape, type, domain);
        Tensor Integers(long high, long[] shape, long low = 0) => g.Draws.Integers(high, shape, low);
        Tensor Flags(params long[] shape) => Integers(2, shape).to_type(ScalarType.Bool);

        foreach (var (name, domain) in new[] { ("add", Domain.Any), ("sub", Domain.Any), ("mul", Domain.Any), ("div", Domain.AwayFromZero), ("maximum", Domain.Any), ("minimum", Domain.Any), ("fmax", Domain.Any), ("fmin", Domain.Any),
            ("atan2", Domain.AwayFromZero), ("hypot", Domain.AwayFromZero), ("copysign", Domain.AwayFromZero), ("xlogy", Domain.Positive), ("logaddexp", Domain.Any) })
            foreach (var type in Both)
                foreach (var (a, b) in shapes)
                    g.Add(name, [Real(a, type, domain), Real(b, type, domain)]);
        foreach (var type in Both)
        {
            foreach (var (a, b) in shapes)
            {
                g.Add("pow", [Real(a, type, Domain.Positive), Real(b, type)]);
                g.Add("fmod", [Real(a, type, Domain.AwayFromZero), Real(b, type, Domain.AboveOne)]);
                g.Add("remainder", [Real(a, type, Domain.AwayFromZero), Real(b, type, Domain.AboveOne)]);
                g.Add("lerp", [Real(a, type), Real(b, type), Real([1], type, Domain.Probability)]);
                if (type == ScalarType.Float64)
                    foreach (string name in new[] { "eq", "ne", "lt", "le", "gt", "ge" })
                        g.Add(name, [Real(a, type).round(), Real(b, type).round()], gradients: false);
            }
            foreach (double value in new[] { 2.0, 3.0, 0.5, -1.0, -2.0, 0.0 })
                g.Add("pow_scalar", [Real([2, 3], type, Domain.Positive)], new { value });
            g.Add("addcmul", [Real([2, 3], type), Real([3], type), Real([2, 1], type)], new { value = 0.7 });
            g.Add("addcdiv", [Real([2, 3], type), Real([3], type), Real([2, 1], type, Domain.AboveOne)], new { value = 0.7 });
            foreach (var (min, max) in new (double?, double?)[] { (-0.5, 0.5), (null, 0.2), (0.1, null) })
                g.Add("clamp", [Real([3, 4], type)], new { min, max });
            foreach (string name in new[] { "add", "sub", "mul", "div" })
                g.Add(name + "_scalar", [Real([2, 3], type)], new { value = 2.5 });
        }
        foreach (string name in new[] { "add", "sub", "mul" })
            g.Add(name, [Integers(9, [2, 3]), Integers(9, [3])], gradients: false);
        g.Add("div", [Integers(9, [2, 3]), Integers(9, [3], 1)], gradients: false);
        g.Add("add", [Integers(9, [2, 3]), Real([3], ScalarType.Float32)], gradients: false);
        g.Add("mul", [Real([2, 3], ScalarType.Float32), Real([3])]);
        foreach (string name in new[] { "logical_and", "logical_or", "logical_xor" })
            g.Add(name, [Flags(2, 3), Flags(3)], gradients: false);
        foreach (string name in new[] { "bitwise_and", "bitwise_or", "bitwise_xor" })
            g.Add(name, [Integers(64, [2, 3]), Integers(64, [3])], gradients: false);
        g.Add("floor_divide", [Real([2, 3], domain: Domain.AwayFromZero), Real([3], domain: Domain.AboveOne)], gradients: false);
        g.Add("where", [Flags(2, 3), Real([2, 3]), Real([3])]);
    }
}
