using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Matrix products.</summary>
internal static unsafe partial class Operations
{
    /// <summary>The last two dimensions as a matrix that the backend can read without a copy, if one of its strides is 1.</summary>
    private static bool IsMatrix(Tensor x)
    {
        var l = x.Layout;
        long rows = l.Shape[^2], columns = l.Shape[^1], rs = l.Strides[^2], cs = l.Strides[^1];
        return (cs == 1 || columns <= 1) && (rs >= columns || rows <= 1) || (rs == 1 || rows <= 1) && (cs >= rows || columns <= 1);
    }

    private static MatrixRef Matrix(Tensor x, Tensor result)
    {
        var l = x.Layout;
        long rows = l.Shape[^2], columns = l.Shape[^1], rs = l.Strides[^2], cs = l.Strides[^1];
        // Strides along an extent of 1 are arbitrary; kernels are promised that one of the two is 1.
        if (columns == 1 && rs != 1)
            cs = 1;
        else if (rows == 1 && cs != 1)
            rs = 1;
        return new MatrixRef((nint)x.On(result), rs, cs, l.Rank == 3 ? l.Strides[0] : 0);
    }

    /// <summary>c = a·b (+ c) for matrices [m, k]·[k, n] or batches [s, m, k]·[s, k, n].</summary>
    private static void MatMulData(Tensor a, Tensor b, Tensor c, bool accumulate)
    {
        if (!c.HasData)
            return;
        long k = a.Layout.Shape[^1];
        if (k == 0)
        {
            if (!accumulate)
                FillData(c, 0);
            return;
        }
        var ca = IsMatrix(a) ? a : Packed(a);
        var cb = IsMatrix(b) ? b : Packed(b);
        c.Backend.MatMul(c.dtype, c.Layout.Rank == 3 ? c.Layout.Shape[0] : 1, c.Layout.Shape[^2], c.Layout.Shape[^1], k, Matrix(ca, c), Matrix(cb, c), Matrix(c, c), accumulate);
        GC.KeepAlive(ca);
        GC.KeepAlive(cb);
        GC.KeepAlive(c);
        Free(ca, a);
        Free(cb, b);
    }

    private static void RequireSameType(Tensor a, Tensor b, string operation)
    {
        if (a.dtype != b.dtype)
            throw new ExternalException($"expected m1 and m2 to have the same dtype, but got: {a.dtype} != {b.dtype} in {operation} (shapes {a.Layout} and {b.Layout})");
    }

    /// <summary>y = a·b for matrices or batches of them; da = dy·bᵀ, db = aᵀ·dy.</summary>
    internal static Tensor MatrixProduct(Tensor a, Tensor b)
    {
        RequireSameType(a, b, "matmul");
        if (a.Layout.Rank == 2)
        {
            if (b.Layout.Rank != 2)
                throw new ExternalException($"mat2 must be a matrix: got shapes {a.Layout} and {b.Layout}");
            if (a.Layout.Shape[1] != b.Layout.Shape[0])
                throw new ExternalException($"mat1 and mat2 shapes cannot be multiplied ({a.Layout.Shape[0]}x{a.Layout.Shape[1]} and {b.Layout.Shape[0]}x{b.Layout.Shape[1]})");
        }
        else if (a.Layout.Rank != 3 || b.Layout.Rank != 3)
            throw new ExternalException($"batch1 and batch2 must be 3D tensors: got shapes {a.Layout} and {b.Layout}");
        else if (a.Layout.Shape[0] != b.Layout.Shape[0] || a.Layout.Shape[2] != b.Layout.Shape[1])
            throw new ExternalException($"Expected size for first two dimensions of batch2 tensor to be: [{a.Layout.Shape[0]}, {a.Layout.Shape[2]}] but got: [{b.Layout.Shape[0]}, {b.Layout.Shape[1]}] (shapes {a.Layout} and {b.Layout}).");
        var y = Together(a, b).NewEmpty(a.Layout.Rank == 2 ? [a.Layout.Shape[0], b.Layout.Shape[1]] : new[] { a.Layout.Shape[0], a.Layout.Shape[1], b.Layout.Shape[2] }, a.dtype);
        MatMulData(a, b, y, false);
        return Records(a, b) ? y.Produced(new MatrixProductBackward(a, b)) : y;
    }

    private sealed class MatrixProductBackward : Node
    {
        private Saved _a, _b;

        internal MatrixProductBackward(Tensor a, Tensor b)
        {
            Next = [a.GradientEdge(), b.GradientEdge()];
            if (Needs(1))
                _a = new Saved(a);
            if (Needs(0))
                _b = new Saved(b);
        }

        internal override string Name => "MmBackward";

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (Needs(0))
                dx[0] = MatrixProduct(gradient, Transpose(_b.Unpack(this), -2, -1));
            if (Needs(1))
                dx[1] = MatrixProduct(Transpose(_a.Unpack(this), -2, -1), gradient);
        }

        internal override void Release()
        {
            _a.Release();
            _b.Release();
        }
    }

    /// <summary>y = x·Wᵀ + b over the last dimension of x; dx = dy·W, dW = dyᵀ·x, db = Σ dy.</summary>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        RequireSameType(x, weight, "linear");
        if (weight.Layout.Rank != 2 || x.Layout.Rank == 0)
            throw new ExternalException($"linear: expected a weight of two dimensions and an input of at least one, got shapes {x.Layout} and {weight.Layout}");
        long features = weight.Layout.Shape[1], outputs = weight.Layout.Shape[0];
        if (x.Layout.Shape[^1] != features)
            throw new ExternalException($"mat1 and mat2 shapes cannot be multiplied ({(features == 0 ? 0 : x.Layout.Count / Math.Max(x.Layout.Shape[^1], 1))}x{x.Layout.Shape[^1]} and {features}x{outputs}): input {x.Layout}, weight {weight.Layout}");
        if (x.Layout.Rank != 2)
        {
            var flat = Reshape(x, [x.Layout.Count / Math.Max(features, 1), features]);
            var product = Linear(flat, weight, bias);
            long[] shape = (long[])x.Layout.Shape.Clone();
            shape[^1] = outputs;
            var result = Reshape(product, shape);
            flat.Discard();
            product.Discard();
            return result;
        }
        var y = Together(x, weight).NewEmpty([x.Layout.Shape[0], outputs], x.dtype);
        if (bias is not null)
        {
            RequireSameType(x, bias, "linear");
            if (bias.Layout.Count != outputs)
                throw new ExternalException($"linear: bias has shape {bias.Layout}, expected [{outputs}]");
            if (bias.Layout.IsContiguous && y.HasData && y.Storage.OnHost && bias.Storage.OnHost)
                for (long row = 0, bytes = outputs * bias.dtype.Size(); row < y.Layout.Shape[0]; row++)
                    Buffer.MemoryCopy(bias.Data, y.Data + row * bytes, bytes, bytes);
            else if (!ReferenceEquals(bias.Place, y.Place))
                throw Tensor.Elsewhere(bias, y);
            else
                Transfers.Copy(bias, [0, bias.Layout.Rank == 0 ? 0 : bias.Layout.Strides[^1]], y, y.Layout.Strides, y.Layout.Shape);
        }
        if (features > 0 && y.HasData)
        {
            Tensor px = IsMatrix(x) ? x : Packed(x), pw = IsMatrix(weight) ? weight : Packed(weight);
            var w = Matrix(pw, y);
            y.Backend.MatMul(y.dtype, 1, y.Layout.Shape[0], outputs, features, Matrix(px, y), new MatrixRef(w.Data, w.ColumnStride, w.RowStride, 0), Matrix(y, y), bias is not null);
            GC.KeepAlive(px);
            GC.KeepAlive(pw);
            GC.KeepAlive(bias);
            Free(px, x);
            Free(pw, weight);
        }
        else if (bias is null)
            FillData(y, 0);
        GC.KeepAlive(y);
        return Records(x, weight, bias) ? y.Produced(new LinearBackward(x, weight, bias)) : y;
    }

    private sealed class LinearBackward : Node
    {
        private Saved _x, _weight;

        internal LinearBackward(Tensor x, Tensor weight, Tensor? bias)
        {
            Next = [x.GradientEdge(), weight.GradientEdge(), bias?.GradientEdge() ?? default];
            if (Needs(1))
                _x = new Saved(x);
            if (Needs(0))
                _weight = new Saved(weight);
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            if (Needs(0))
                dx[0] = MatrixProduct(gradient, _weight.Unpack(this));
            if (Needs(1))
                dx[1] = MatrixProduct(Transpose(gradient, 0, 1), _x.Unpack(this));
            if (Needs(2))
                dx[2] = Sum(gradient, [0], false);
        }

        internal override void Release()
        {
            _x.Release();
            _weight.Release();
        }
    }

    /// <summary>The general product: vectors are rows or columns, leading dimensions are batches and broadcast.</summary>
    internal static Tensor MatMul(Tensor a, Tensor b)
    {
        int ra = a.Layout.Rank, rb = b.Layout.Rank;
        if (ra == 0 || rb == 0)
            throw new ExternalException($"both arguments to matmul need to be at least 1D, but they are {ra}D and {rb}D");
        if (ra == 2 && rb == 2)
            return MatrixProduct(a, b);
        if (ra == 1 && rb == 1)
        {
            if (a.Layout.Count != b.Layout.Count)
                throw new ExternalException($"inconsistent tensor size, expected tensor {a.Layout} and src {b.Layout} to have the same number of elements");
            using var products = Binary(BinaryOperations.Mul, a, b).AsTemporary();
            return Sum(products, [], false, products.dtype);
        }
        using var scope = DisposeScope.ForTemporaries();
        if (ra == 1)
            return scope.MoveToOuter(Squeeze(MatMul(Unsqueeze(a, 0), b), rb == 2 ? 0 : -2));
        if (rb == 1)
            return scope.MoveToOuter(Squeeze(MatMul(a, Unsqueeze(b, 1)), -1));
        if (rb == 2)
        {
            long m = a.Layout.Shape[^2], k = a.Layout.Shape[^1];
            var flat = Reshape(a, [k == 0 ? a.Layout.Shape[..^1].Aggregate(1L, (x, y) => x * y) : a.Layout.Count / k, k]);
            return scope.MoveToOuter(Reshape(MatrixProduct(flat, b), [.. a.Layout.Shape[..^1], b.Layout.Shape[1]]));
        }
        if (a.Layout.Shape[^1] != b.Layout.Shape[^2])
            throw new ExternalException($"Expected size for first two dimensions of batch2 tensor to be compatible: cannot multiply shapes {a.Layout} and {b.Layout}");
        var batch = Layout.Broadcast(Layout.Of(a.Layout.Shape[..^2]), Layout.Of(b.Layout.Shape[..^2]));
        long[] shapeA = [.. batch.Shape, .. a.Layout.Shape[^2..]], shapeB = [.. batch.Shape, .. b.Layout.Shape[^2..]];
        var left = Reshape(Expand(a, shapeA), [batch.Count, shapeA[^2], shapeA[^1]]);
        var right = Reshape(Expand(b, shapeB), [batch.Count, shapeB[^2], shapeB[^1]]);
        return scope.MoveToOuter(Reshape(MatrixProduct(left, right), [.. batch.Shape, shapeA[^2], shapeB[^1]]));
    }

    internal static Tensor Unsqueeze(Tensor x, long dim)
    {
        var old = x.Layout;
        int d = Layout.WrapDim(dim, old.Rank + 1);
        long[] shape = [.. old.Shape[..d], 1, .. old.Shape[d..]];
        long[] strides = [.. old.Strides[..d], d < old.Rank ? old.Strides[d] * old.Shape[d] : 1, .. old.Strides[d..]];
        return View(x, new Layout(shape, strides, old.Offset), Records(x) ? new ReshapeBackward(x) : null);
    }

    internal static Tensor Squeeze(Tensor x, long? dim)
    {
        var old = x.Layout;
        int only = dim is { } wanted ? old.Dim(wanted) : -1;
        int[] keep = Enumerable.Range(0, old.Rank).Where(d => old.Shape[d] != 1 || (only >= 0 && d != only)).ToArray();
        return View(x, new Layout([.. keep.Select(d => old.Shape[d])], [.. keep.Select(d => old.Strides[d])], old.Offset), Records(x) ? new ReshapeBackward(x) : null);
    }
}
