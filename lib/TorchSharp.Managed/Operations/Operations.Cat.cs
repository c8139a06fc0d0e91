using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Joining.</summary>
internal static unsafe partial class Operations
{
    /// <summary>Tensors behind one another along a dimension; each gets its part of dy.</summary>
    internal static Tensor Cat(ReadOnlySpan<Tensor> tensors, long dim)
    {
        if (tensors.Length == 0)
            throw new ExternalException("torch.cat(): expected a non-empty list of Tensors");
        // An empty vector joins anything, as it always could.
        var first = tensors[0];
        foreach (var tensor in tensors)
            if (!(tensor.Layout.Rank == 1 && tensor.Layout.Count == 0))
            {
                first = tensor;
                break;
            }
        if (first.Layout.Rank == 0)
            throw new ExternalException("zero-dimensional tensor (at position 0) cannot be concatenated");
        int d = first.Layout.Dim(dim);
        long[] shape = (long[])first.Layout.Shape.Clone();
        shape[d] = 0;
        var type = first.dtype;
        bool records = false;
        for (int i = 0; i < tensors.Length; i++)
        {
            var tensor = tensors[i];
            type = tensor.dtype == type ? type : ScalarTypes.Promote(type, tensor.dtype);
            records |= Records(tensor);
            if (!ReferenceEquals(tensor.Place, first.Place))
                throw Tensor.Elsewhere(tensor, first);
            if (tensor.Layout.Rank == 1 && tensor.Layout.Count == 0)
                continue;
            if (tensor.Layout.Rank != shape.Length)
                throw new ExternalException($"Tensors must have same number of dimensions: got {first.Layout.Rank} and {tensor.Layout.Rank} (shapes {first.Layout} and {tensor.Layout})");
            for (int k = 0; k < shape.Length; k++)
                if (k != d && tensor.Layout.Shape[k] != shape[k])
                    throw new ExternalException($"Sizes of tensors must match except in dimension {d}. Expected size {shape[k]} but got size {tensor.Layout.Shape[k]} for tensor number {i} in the list. (shapes {first.Layout} and {tensor.Layout})");
            shape[d] += tensor.Layout.Shape[d];
        }
        var y = first.NewEmpty(shape, type);
        long start = 0;
        long[] sizes = new long[tensors.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            var tensor = tensors[i];
            if (tensor.Layout.Rank == 1 && tensor.Layout.Count == 0 && shape.Length != 1)
                continue;
            sizes[i] = tensor.Layout.Shape[d];
            using (var part = y.ShareData(new Layout(tensor.Layout.Shape, y.Layout.Strides, start * y.Layout.Strides[d])).AsTemporary())
                Transfers.Copy(tensor, part);
            start += sizes[i];
        }
        return records ? y.Produced(new CatBackward(tensors, d, sizes)) : y;
    }

    private sealed class CatBackward : Node
    {
        private readonly int _dim;
        private readonly long[] _sizes;
        private readonly ScalarType[] _types;

        internal CatBackward(ReadOnlySpan<Tensor> tensors, int dim, long[] sizes)
        {
            (_dim, _sizes) = (dim, sizes);
            _types = new ScalarType[tensors.Length];
            Next = new Edge[tensors.Length];
            for (int i = 0; i < tensors.Length; i++)
            {
                Next[i] = tensors[i].GradientEdge();
                _types[i] = tensors[i].dtype;
            }
        }

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            if (dy[0] is not { } gradient)
                return;
            long start = 0;
            for (int i = 0; i < _sizes.Length; i++)
            {
                if (Needs(i))
                    dx[i] = Slice(gradient, _dim, start, start + _sizes[i], 1).As(_types[i]);
                start += _sizes[i];
            }
        }
    }
}
