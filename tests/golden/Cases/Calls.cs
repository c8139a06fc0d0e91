using static TorchSharp.torch;
using static TorchSharp.Managed.Tests.Golden.Domain;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Operations called by their name, with arguments in TorchSharp's order.</summary>
internal sealed partial class Calls
{
    private const ScalarType Single = ScalarType.Float32, Double = ScalarType.Float64;

    private readonly CaseWriter _g;

    private Calls(CaseWriter writer) => _g = writer;

    internal static void Add(CaseWriter writer)
    {
        Calls calls = new(writer);
        calls.Elementwise();
        calls.Comparisons();
        calls.Shapes();
        calls.Selections();
        calls.Reductions();
        calls.Matrices();
        calls.Creation();
        calls.Volumes();
        calls.Images();
        calls.Sequences();
        calls.Distributions();
        calls.RandomFunctions();
    }

    /// <summary>The operation on its inputs, followed by other arguments.</summary>
    private void C(string name, Tensor[] inputs, object?[]? rest = null, bool gradients = true, object?[]? call = null, int[]? constants = null) =>
        _g.Add(name, inputs, gradients: gradients, call: call ?? [.. inputs.Select((_, i) => "$" + i), .. rest ?? []], constants: constants);

    private void Values(string name, Tensor[] inputs, params object?[] rest) => C(name, inputs, rest, gradients: false);

    private Tensor X(long[] shape, Domain domain = Any, ScalarType type = Double) => _g.Draws.Real(shape, type, domain);

    private Tensor Integers(long high, long[] shape, long low = 0) => _g.Draws.Integers(high, shape, low);

    private Tensor Flags(params long[] shape) => Integers(2, shape).to_type(ScalarType.Bool);

    private static Tensor Eye(long n) => eye(n, dtype: Double);

    private static Tensor Longs(params long[] values) => tensor(values);

    private static Tensor Reals(params double[] values) => tensor(values);

    private void Elementwise()
    {
        foreach (var type in Golden.Elementwise.Both)
        {
            foreach (var (name, domain) in new[]
            {
                ("absolute", AwayFromZero), ("negative", Any), ("fix", AwayFromZero), ("sgn", AwayFromZero), ("angle", AwayFromZero), ("arccos", Unit), ("arcsin", Unit), ("arctan", Any),
                ("arccosh", AboveOne), ("arcsinh", Any), ("arctanh", Unit), ("i0", Any), ("conj", Any), ("conj_physical", Any), ("silu", Any), ("relu6", AwayFromZero),
                ("gelu", Any), ("selu", AwayFromZero), ("hardsigmoid", AwayFromZero), ("hardswish", Any), ("ravel", Any), ("expit", Any), ("gammaln", Positive), ("psi", Positive),
                ("entr", Positive), ("ndtr", Any), ("i0e", Any), ("i1", Any), ("i1e", Any),
            })
                C(name, [X([2, 3], domain, type)], gradients: name != "angle");
            foreach (var (name, domain) in new[]
            {
                ("arctan2", AwayFromZero), ("divide", AwayFromZero), ("multiply", Any), ("subtract", Any), ("true_divide", AwayFromZero), ("logaddexp2", Any), ("float_power", Positive), ("ldexp", Unit),
            })
                if (name != "float_power" || type == Double)
                    C(name, [X([2, 3], domain, type), X([3], domain, type)]);
        }
        C("ndtri", [X([2, 3], Probability)]);
        C("polygamma", [X([2, 3], Positive)], call: ["$0", 2]);
        C("polygamma", [X([2, 3], Positive)], call: [2, "$0"]);
        C("mvlgamma", [X([2, 3], AboveOne)], [2]);
        C("multigammaln", [X([2, 3], AboveOne)], [2]);
        C("log_sigmoid", [X([2, 3])]);
        C("xlog1py", [X([2, 3]), X([3], Positive)]);
        Values("zeta", [X([2, 3], AboveOne), X([3], Positive)]);
        foreach (string name in new[] { "gammainc", "gammaincc", "igamma", "igammac" })
            Values(name, [X([2, 3], Positive), X([3], Positive) * 2]);
        C("clip", [X([2, 3])], [-0.5, 0.5]);
        C("clamp_min", [X([2, 3])], [-0.5]);
        C("clamp_max", [X([2, 3])], [0.5]);
        C("clamp", [X([2, 3]), X([3]) - 2, X([3]) + 2]);
        C("add", [X([2, 3]), X([3])], [0.5]);
        C("round", [X([2, 3])], [2]);
        Values("div", [X([2, 3], AwayFromZero), X([3], AboveOne)], "floor");
        C("leaky_relu", [X([2, 3], AwayFromZero)], [0.2]);
        C("elu", [X([2, 3])], [1.3]);
        C("celu", [X([2, 3])], [1.5]);
        C("hardtanh", [X([2, 3])], [-0.7, 0.6]);
        C("threshold", [X([2, 3])], [0.1, 5.0]);
        C("softplus", [X([2, 3])], [2.0, 3.0]);
        C("glu", [X([2, 4])], [1]);
        C("prelu", [X([2, 3], AwayFromZero), X([3], Probability)]);
        C("rrelu", [X([2, 3], AwayFromZero)], [0.1, 0.3]);
        C("xlogy", [X([2, 3]), X([3], Positive)]);
        Values("heaviside", [X([2, 3]), X([3])]);
        Values("nextafter", [X([2, 3]), X([3])]);
        C("logit", [X([2, 3], Probability)], [0.1]);
        C("softmax", [X([2, 3])], [1]);
        C("log_softmax", [X([2, 3])], [1]);
        C("addcmul", [X([2, 3]), X([3]), X([2, 1])], [0.7]);
        C("addcdiv", [X([2, 3]), X([3]), X([2, 1], AboveOne)], [0.7]);
        foreach (string name in new[] { "gcd", "lcm", "bitwise_left_shift", "bitwise_right_shift" })
            Values(name, [Integers(20, [2, 3], 1), Integers(6, [3], 1)]);
        Values("bitwise_not", [Integers(9, [2, 3])]);
        C("fmod", [X([2, 3], AwayFromZero)], [1.3]);
        C("remainder", [X([2, 3], AwayFromZero)], [1.3]);
        Values("frexp", [X([2, 3])]);
        Values("zero_", [X([2, 3])]);
        Values("fill_", [X([2, 3])], 1.5);
        C("copy_", [X([2, 3]), X([3])]);
        foreach (string name in new[] { "float", "double", "int", "long", "short", "char", "byte", "bool" })
            Values(name, [X([2, 3], name == "byte" ? Positive : Any) * 3]);
        foreach (string name in new[] { "to_type", "type", "to" })
            Values(name, [X([2, 3])], "Float32");
        Values("type_as", [X([2, 3]), X([1], type: Single)]);
    }

    private void Comparisons()
    {
        foreach (string name in new[] { "greater", "greater_equal", "less", "less_equal", "not_equal", "eq", "ne", "lt", "le", "gt", "ge", "isclose" })
            Values(name, [X([2, 3]).round(), X([3]).round()]);
        foreach (string name in new[] { "eq", "ne", "lt", "le", "gt", "ge" })
            Values(name, [X([2, 3]).round()], 1);
        foreach (string name in new[] { "logical_and", "logical_or", "logical_xor" })
            Values(name, [Flags(2, 3), Flags(3)]);
        Values("logical_not", [Flags(2, 3)]);
        foreach (string name in new[] { "isneginf", "isposinf", "isreal", "signbit" })
            Values(name, [Reals(1, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -2)]);
        Values("isin", [Integers(5, [2, 3]), Integers(5, [2])]);
        Values("equal", [Integers(5, [2, 3]), Integers(5, [2, 3])]);
        foreach (string name in new[] { "count_nonzero", "nonzero", "argwhere", "nonzero_as_list" })
            Values(name, [X([2, 3]).round()]);
        Values("all", [Flags(2, 3)]);
        Values("any", [Flags(2, 3)]);
        Values("bucketize", [X([2, 3]), Reals(-1, 0, 1)]);
        Values("searchsorted", [Reals(-1, 0, 1), X([2, 3])]);
        Values("bincount", [Integers(5, [12]), X([12])]);
        Values("histc", [X([20])], 5, -2, 2);
    }

    private void Shapes()
    {
        foreach (var (shape, name) in new (long[], string)[] { ([], "atleast_1d"), ([], "atleast_2d"), ([2], "atleast_2d"), ([2], "atleast_3d"), ([2, 3], "atleast_3d") })
            C(name, [X(shape)]);
        C("adjoint", [X([2, 3, 2])]);
        foreach (string name in new[] { "atleast_1d", "atleast_2d", "atleast_3d" })
            C(name, [X([]), X([2])], call: ["$*"]);
        C("torch.vander", [X([3])], [3, true]);
        C("linalg.vander", [X([3])], [3]);
        C("alias", [X([2, 3])]);
        C("as_strided", [X([3, 4])], [new[] { 2, 2 }, new[] { 4, 1 }, 1]);
        C("broadcast_to", [X([2, 1])], [new[] { 2, 3 }]);
        C("broadcast_tensors", [X([2, 1]), X([3])], call: ["$*"]);
        C("channel_shuffle", [X([1, 4, 2, 2])], [2]);
        C("diag_embed", [X([2, 3])], [1, -2, -1]);
        C("diagflat", [X([2, 2])], [1]);
        C("diagonal", [X([3, 4])], [1]);
        C("diagonal_scatter", [X([3, 3]), X([3])]);
        C("expand_as", [X([2, 1]), Integers(2, [2, 3])]);
        C("view_as", [X([2, 3]), Integers(2, [3, 2])]);
        C("fliplr", [X([2, 3])]);
        C("flipud", [X([2, 3])]);
        C("moveaxis", [X([2, 3, 4])], [new[] { 0 }, new[] { 2 }]);
        C("swapaxes", [X([2, 3, 4])], [0, 2]);
        C("swapdims", [X([2, 3, 4])], [0, 2]);
        C("rot90", [X([2, 3])], [1]);
        C("slice", [X([5, 2])], [0, 1, 4, 2]);
        C("select_scatter", [X([2, 3]), X([3])], [0, 1]);
        C("slice_scatter", [X([4, 3]), X([2, 3])], [0, 1, 3, 1]);
        C("squeeze", [X([2, 1, 3])]);
        C("tensor_split", [X([5, 2])], [2, 0]);
        C("hsplit", [X([2, 4])], [2]);
        C("vsplit", [X([4, 2])], [new[] { 2 }]);
        C("dsplit", [X([2, 2, 4])], [2]);
        C("torch.unfold", [X([2, 7])], [1, 3, 2]);
        C("torch.vander", [X([3])], [3]);
        foreach (string name in new[] { "column_stack", "dstack", "row_stack", "hstack", "vstack" })
            C(name, [X([2, 3]), X([2, 3])], call: ["$*"]);
        foreach (string name in new[] { "concat", "concatenate", "cat" })
            C(name, [X([2, 3]), X([1, 3])], call: ["$*", 0]);
        C("stack", [X([2, 3]), X([2, 3])], call: ["$*", 1]);
        C("block_diag", [X([2, 1]), X([1, 2])], call: ["$*"]);
        C("cartesian_prod", [X([2]), X([3])], call: ["$*"]);
        C("combinations", [X([4])], [2]);
        C("meshgrid", [X([2]), X([3])], call: ["$*"]);
        Values("type_as", [X([2, 3], type: Single), X([1])]);
    }

    private void Selections()
    {
        C("index_copy", [X([4, 3]), Longs(2, 0), X([2, 3])], call: ["$0", 0, "$1", "$2"]);
        C("index_add", [X([4, 3]), Longs(2, 0, 2), X([3, 3])], call: ["$0", 0, "$1", "$2", 0.5]);
        C("index_fill", [X([4, 3]), Longs(2, 0)], call: ["$0", 0, "$1", 1.5]);
        C("masked_fill", [X([2, 3]), Flags(2, 3)], [1.5]);
        C("masked_scatter", [X([2, 3]), tensor(new[] { true, false, true, false, true, false }, [2, 3]), X([4])]);
        C("scatter", [X([3, 4]), Longs(0, 2, 1, 3, 2, 0).reshape(3, 2), X([3, 2])], call: ["$0", 1, "$1", "$2"]);
        C("scatter_add", [X([3, 4]), Integers(4, [3, 2]), X([3, 2])], call: ["$0", 1, "$1", "$2"]);
        C("take", [X([3, 4]), Longs(0, 5, 11, 5).reshape(2, 2)]);
        C("function.where", [Flags(2, 3), X([2, 3]), X([3])]);
        C("Tensor.where", [X([2, 3]), Flags(2, 3), X([3])]);
        C("msort", [X([4, 3])]);
        C("renorm", [X([3, 4])], [2.0, 0, 1.0]);
        Values("unique", [Integers(5, [9])], true, true, true);
        C("tril", [X([3, 3])], [-1]);
        C("triu", [X([3, 3])], [1]);
    }

    private void Reductions()
    {
        var hole = X([2, 4]);
        hole[0, 1] = double.NaN;
        C("nanmean", [hole]);
        C("nanmedian", [hole]);
        C("nanquantile", [hole, tensor(0.3)], [-1], constants: [1]);
        C("quantile", [X([2, 5]), Reals(0.2, 0.7)], [1], constants: [1]);
        C("aminmax", [X([2, 5])]);
        Values("mode", [X([2, 5]).round()], 1, false);
        C("std_mean", [X([2, 5])], [1]);
        C("var_mean", [X([2, 5])], [1]);
        C("cummax", [X([2, 5])], [1]);
        C("cummin", [X([2, 5])], [1]);
        C("logsumexp", [X([2, 5])], [1]);
        C("amax", [X([2, 5])], [new[] { 1 }]);
        C("amin", [X([2, 5])], [new[] { 1 }]);
        C("dist", [X([2, 3]), X([2, 3])], [3.0]);
        C("corrcoef", [X([3, 5])]);
        C("cov", [X([3, 5])]);
        C("trapezoid", [X([2, 5])], [0.5, 1]);
        C("trapezoid", [X([2, 5]), X([5])], [1]);
        C("trapz", [X([2, 5]), X([5])], [1]);
        C("cumulative_trapezoid", [X([2, 5]), X([5])], [1]);
        C("cumulative_trapezoid", [X([2, 5])], [0.5, 1]);
        Values("unique_consecutive", [Longs(1, 1, 2, 2, 2, 1)], true, true);
        Values("histogram", [X([20])], 4);
        C("norm", [X([5])], [3.0]);
        Values("any", [X([2, 3]).round()], 1);
        C("vecdot", [X([2, 3]), X([2, 3])]);
    }

    private void Creation()
    {
        void Of(string name, params object?[] arguments) => C(name, [], gradients: false, call: arguments);
        Of("arange", 1.0, 3.0, 0.5);
        Of("linspace", 1.0, 3.0, 5);
        Of("logspace", 0.0, 2.0, 5);
        Of("eye", 3, 4);
        Of("zeros", new[] { 2, 3 });
        Of("ones", new[] { 2, 3 });
        Of("full", new[] { 2, 3 }, 1.5);
        Of("tril_indices", 3, 4, 0);
        Of("triu_indices", 3, 4, 0);
        foreach (string name in new[] { "bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window" })
            Of(name, 6);
        Values("zeros_like", [X([2, 3])]);
        Values("ones_like", [X([2, 3])]);
        Values("full_like", [X([2, 3])], 1.5);
        Values("new_zeros", [X([1])], new[] { 2, 3 });
        Values("new_ones", [X([1])], 2, 3);
        Values("new_full", [X([1])], new[] { 2, 3 }, 1.5);
    }

    private void RandomFunctions()
    {
        foreach (double mean in new[] { 0.4, 6, 40 })
            _g.Add("poisson", [X([2, 12], Positive) * mean], gradients: false);
        foreach (double trials in new[] { 5.0, 200 })
            _g.Add("binomial", [full([2, 12], trials, Double), X([12], Probability)], gradients: false);
    }
}
