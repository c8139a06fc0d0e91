using static TorchSharp.torch;
using static TorchSharp.Managed.Tests.Golden.Domain;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Operations called by their name where types, sizes or values are unusual: what a differential fuzz found.</summary>
internal sealed class Corners
{
    private const ScalarType Single = ScalarType.Float32, Double = ScalarType.Float64;

    /// <summary>Beyond it not every integer is a double.</summary>
    private const long Big = 1L << 53;

    private readonly CaseWriter _g;

    private Corners(CaseWriter writer) => _g = writer;

    internal static void Add(CaseWriter writer)
    {
        Corners corners = new(writer);
        corners.Types();
        corners.Exact();
        corners.Sizes();
        corners.Values();
        corners.Matrices();
    }

    private void C(string name, Tensor[] inputs, params object?[] rest) => _g.Add(name, inputs, gradients: false, call: [.. inputs.Select((_, i) => "$" + i), .. rest]);

    private void Differentiated(string name, Tensor[] inputs, params object?[] rest) => _g.Add(name, inputs, call: [.. inputs.Select((_, i) => "$" + i), .. rest]);

    private Tensor X(long[] shape, Domain domain = Any, ScalarType type = Double) => _g.Draws.Real(shape, type, domain);

    private static Tensor Beyond(params long[] values) => tensor(Array.ConvertAll(values, value => Big + value));

    private static Tensor Reals(params double[] values) => tensor(values);

    private void Types()
    {
        Tensor bytes = _g.Draws.Integers(200, [2, 3]).to_type(ScalarType.Byte), whole = _g.Draws.Integers(9, [2, 3], 1), half = _g.Draws.Integers(9, [2, 3], 1).to_type(ScalarType.Int32);
        // The three operands meet in one type before anything is computed.
        C("addcmul", [X([2, 3]), X([2, 3], type: Single), half], 0.5);
        C("addcdiv", [X([2, 3]), X([2, 3], type: Single), X([2, 3], type: Single)], 2);
        C("add", [X([2, 3]), half], 0.3);
        C("logaddexp", [X([2, 3]), half]);
        C("logaddexp2", [X([2, 3]), half]);
        C("xlogy", [X([2, 3]), half]);
        C("xlogy", [half, X([2, 3], Positive)]);
        C("logit", [bytes]);
        C("square", [bytes > 99]);
        C("pow", [bytes > 99], 2);
        C("vander", [half[0]], 3, true);
        C("all", [bytes]);
        C("any", [bytes], 1, true);
        C("sum", [whole], "Bool");
        C("dot", [half[0], half[1]]);
        C("matmul", [half[0], half[1]]);
        C("addmm", [whole, _g.Draws.Integers(5, [2, 4]), _g.Draws.Integers(5, [4, 3])], 2, 3);
        C("hardtanh", [half], -1, 4);
        C("relu6", [whole]);
        C("masked_fill", [whole, whole > 4], 2.5);
        C("to_type", [tensor(new[] { -1.5f, 3.7f, 300.2f, -300.9f })], "Byte");
        // The derivative is computed in the type of the result.
        Differentiated("arctan2", [X([2, 3]), _g.Draws.Integers(15, [2, 3], 1).to_type(ScalarType.Byte)]);
        Differentiated("hypot", [X([2, 3]), _g.Draws.Integers(9, [2, 3], 1).to_type(Double)]);
    }

    private void Exact()
    {
        C("isin", [Beyond(0, 1, 2), Beyond(1)]);
        C("unique", [Beyond(1, 0, 1, 2)], true, true, true);
        C("unique_consecutive", [Beyond(0, 1, 1, 2)], true, true);
        C("bucketize", [Beyond(1), Beyond(0, 1, 2)]);
        C("searchsorted", [Beyond(0, 1, 2), Beyond(2)]);
        foreach (string name in new[] { "sort", "max", "argmax" })
            C(name, [Beyond(1, 0, 2)]);
        foreach (string name in new[] { "eq", "gt", "clamp_min" })
            C(name, [Beyond(1, 0, 2)], Big + 1);
        C("median", [Beyond(1, 0, 2)]);
        C("cumsum", [Beyond(1, 0, 2)], 0);
    }

    private void Sizes()
    {
        var point = tensor(1.5);
        C("chunk", [X([0, 2])], 3);
        C("Tensor.unfold", [point], 0, 1, 2);
        C("movedim", [point], Array.Empty<int>(), Array.Empty<int>());
        C("quantile", [point, Reals(0.2, 0.6)]);
        C("masked_select", [point, tensor(false)]);
        C("masked_select", [point, tensor(true)]);
        C("bincount", [zeros([0], ScalarType.Int64), zeros([0], Double)], 2);
        C("logsumexp", [X([3, 0])], 1);
        C("Tensor.vander", [X([3])], 0);
        C("cov", [X([1, 4])]);
        C("corrcoef", [X([1, 4])]);
        C("matrix_rank", [X([0, 3])]);
        C("cosine_similarity", [X([2, 5]), X([2, 1])], 1);
        Differentiated("cosine_similarity", [X([2, 1, 3]), X([2, 4, 3])], -3);
        Differentiated("max_pool3d", [X([1, 1, 2, 4, 2])], new[] { 1, 2, 3 }, new[] { 1, 1, 3 }, new[] { 0, 0, 0 }, new[] { 1, 1, 1 }, true);
        Differentiated("max_pool2d", [X([1, 1, 4, 2])], new[] { 2, 3 }, new[] { 1, 3 }, new[] { 0, 0 }, new[] { 1, 1 }, true);
    }

    private void Values()
    {
        var odd = Reals(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, 2);
        C("sign", [odd]);
        C("hardshrink", [odd]);
        C("normalize", [odd.view(1, 5)]);
        C("nanquantile", [odd, Reals(0.3)], 0);
        C("xlogy", [zeros([5], Double), odd]);
        C("histc", [tensor(new[] { -1.1809669733f })], 2);
    }

    private void Matrices()
    {
        foreach (var (m, n) in new[] { (4, 2), (2, 4), (3, 1) })
            foreach (string name in new[] { "lu_factor", "linalg.lu" })
                Differentiated(name, [X([m, n])]);
        Differentiated("linalg.lu", [X([2, 3, 2])]);
        var shift = 3 * eye(3, dtype: Double);
        Differentiated("linalg.inv_ex", [X([2, 3, 3]) + shift]);
        Differentiated("linalg.solve_ex", [X([2, 3, 3]) + shift, X([2, 3, 2])]);
        Differentiated("linalg.solve_ex", [X([3, 3]) + shift, X([2, 3])], false);
        Tensor reflectors = shift, scales = shift;
        foreach (int k in new[] { 3, 2 })
        {
            (reflectors, scales) = geqrf(X([5, 3]));
            Differentiated("linalg.householder_product", [reflectors, scales.narrow(0, 0, k).clone()]);
        }
        Differentiated("function.orgqr", [reflectors, scales]);
        C("linalg.pinv", [X([2, 4, 3]), Reals(0, 1)]);
        C("linalg.matrix_rank", [X([2, 4, 3]), Reals(0, 1.5)]);
        C("linalg.pinv", [X([4, 3]), tensor(0.1), tensor(0.5)]);
    }
}
