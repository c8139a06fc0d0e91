using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // Functions whose arguments differ from the method's, limits of types, older names.
    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor moveaxis(Tensor input, (long, long) source, (long, long) destination) =>
        input.movedim([source.Item1, source.Item2], [destination.Item1, destination.Item2]);

    public static Tensor negative_(Tensor input) => input.neg_();

    public static Tensor multiply_(Tensor left, Tensor right) => left.mul_(right);

    public static Tensor multiply_(Tensor left, Scalar right) => left.mul_(right);

    public static Tensor divide_(Tensor left, Scalar right) => left.div_(right);

    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind(dim);

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

    public static Tensor norm(Tensor input) => input.norm();

    public static Tensor trapz(Tensor y, double dx = 1, long dim = -1) => y.trapezoid(dx, dim);

    public static Tensor trapz(Tensor y, Tensor x, long dim = -1) => y.trapezoid(x, dim);

    public static (Tensor res, Tensor logabsdet) slogdet(Tensor A) => linalg.slogdet(A);

    public static Tensor FloatTensor(Tensor t) => t.@float();

    public static Tensor DoubleTensor(Tensor t) => t.@double();

    public static Tensor LongTensor(Tensor t) => t.@long();

    public static Tensor IntTensor(Tensor t) => t.@int();

    public static Tensor ByteTensor(Tensor t) => t.@byte();

    public static Tensor BoolTensor(Tensor t) => t.@bool();

    public static bool randint_bool(Generator? generator = null) => randint_long(0, 2, generator) == 1;

    /// <summary>Counts in bins of equal width over a range (that of the data when not given), and the edges of the bins.</summary>
    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, long bins, (double min, double max)? range = null, Tensor? weight = null, bool density = false)
    {
        var values = input.detach().@double().contiguous().data<double>().ToArray();
        var (low, high) = range ?? (values.Length == 0 ? (0, 1) : (values.Min(), values.Max()));
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        return histogram(input, linspace(low, high, bins + 1, input.dtype), weight, density);
    }

    /// <summary>Counts (or sums of weights) between the given edges; the last bin includes its upper edge.</summary>
    public static (Tensor hist, Tensor bin_edges) histogram(Tensor input, Tensor bins, Tensor? weight = null, bool density = false)
    {
        var values = input.detach().@double().contiguous().data<double>().ToArray();
        var edges = bins.detach().@double().contiguous().data<double>().ToArray();
        var weights = weight?.detach().@double().contiguous().data<double>().ToArray();
        if (edges.Length < 2) throw new ExternalException("torch.histogram(): bins must have at least two edges");
        if (weights is not null && weights.Length != values.Length) throw new ExternalException($"torch.histogram(): weight {weight!.Layout} must have the shape of the input {input.Layout}");
        var counts = new double[edges.Length - 1];
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= edges[0] && values[i] <= edges[^1])) continue;
            var at = Array.BinarySearch(edges, values[i]);
            at = at < 0 ? ~at - 1 : at;
            counts[Math.Min(at, counts.Length - 1)] += weights is null ? 1 : weights[i];
        }
        if (density)
        {
            var total = counts.Sum();
            for (var b = 0; b < counts.Length; b++) counts[b] /= total * (edges[b + 1] - edges[b]);
        }
        return (tensor(counts, input.dtype), bins);
    }

    /// <summary>Derivatives by central differences inside, one-sided ones at the ends.</summary>
    public static ICollection<Tensor> gradient(Tensor input, int spacing = 1, long? dim = null, int edge_order = 1) =>
        gradient(input, spacing, dim is { } d ? [d] : null, edge_order);

    public static ICollection<Tensor> gradient(Tensor input, int spacing = 1, long[]? dims = null, int edge_order = 1)
    {
        if (edge_order != 1) throw new NotSupportedException("gradient with edge_order other than 1");
        return (dims ?? Enumerable.Range(0, (int)input.dim()).Select(d => (long)d).ToArray()).Select(d => Compose(() =>
        {
            var n = input.size((int)d);
            if (n < 2) throw new ExternalException($"torch.gradient expected each dimension size to be at least edge_order+1, got {input.Layout}");
            var first = (input.narrow(d, 1, 1) - input.narrow(d, 0, 1)) / spacing;
            var last = (input.narrow(d, n - 1, 1) - input.narrow(d, n - 2, 1)) / spacing;
            return n == 2 ? cat([first, last], d) : cat([first, (input.narrow(d, 2, n - 2) - input.narrow(d, 0, n - 2)) / (2 * spacing), last], d);
        })).ToArray();
    }

    public static Tensor bartlett_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Window(len, periodic, dtype, device, requires_grad, static t => 1 - Math.Abs(2 * t - 1));

    public static Tensor blackman_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Window(len, periodic, dtype, device, requires_grad, static t => 0.42 - 0.5 * Math.Cos(2 * Math.PI * t) + 0.08 * Math.Cos(4 * Math.PI * t));

    public static Tensor kaiser_window(long len, bool periodic = true, float beta = 12, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Window(len, periodic, dtype, device, requires_grad, t => SpecialFunctions.I0(beta * Math.Sqrt(Math.Max(0, 1 - (2 * t - 1) * (2 * t - 1)))) / SpecialFunctions.I0(beta));

    private static Tensor Window(long len, bool periodic, ScalarType? dtype, Device? device, bool requiresGrad, Func<double, double> f) =>
        Factories.FromArray(Enumerable.Range(0, (int)len).Select(i => len == 1 ? 1 : f(i / (double)(periodic ? len : len - 1))).ToArray(), [len], dtype ?? get_default_dtype(), device, requiresGrad);

    /// <summary>The limits of a floating-point type.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;
    }

    public static FInfo finfo() => finfo(get_default_dtype());

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => new FInfo { bits = 16, eps = Operations.Epsilon(dtype), max = 65504, min = -65504, tiny = 6.103515625e-05, smallest_normal = 6.103515625e-05, resolution = 1e-3 },
        ScalarType.Float32 => new FInfo { bits = 32, eps = Operations.Epsilon(dtype), max = float.MaxValue, min = float.MinValue, tiny = 1.1754943508222875e-38, smallest_normal = 1.1754943508222875e-38, resolution = 1e-6 },
        ScalarType.Float64 => new FInfo { bits = 64, eps = Operations.Epsilon(dtype), max = double.MaxValue, min = double.MinValue, tiny = 2.2250738585072014e-308, smallest_normal = 2.2250738585072014e-308, resolution = 1e-15 },
        _ => throw new ArgumentException($"torch.finfo() requires a floating point input type, got {dtype}", nameof(dtype)),
    };

    public static long max_int_value(ScalarType type) => type switch
    {
        ScalarType.Byte => byte.MaxValue,
        ScalarType.Int8 => sbyte.MaxValue,
        ScalarType.Int16 => short.MaxValue,
        ScalarType.Int32 => int.MaxValue,
        ScalarType.Int64 => long.MaxValue,
        ScalarType.Bool => 1,
        _ => throw new ArgumentException($"{type} has no largest integer", nameof(type)),
    };
}
