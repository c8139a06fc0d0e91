using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Index expressions.</summary>
internal static unsafe partial class Operations
{
    /// <summary>
    /// x[indices]: numbers, ranges, new axes and "…" make a view; where masks or index tensors remain, their broadcast shape takes the
    /// place of the dimensions that they index (or comes first, when these are not neighbours).
    /// </summary>
    internal static Tensor Index(Tensor x, TensorIndex[] indices)
    {
        var view = Basic(x, indices, out var advanced);
        if (advanced is null)
            return view;
        var y = AdvancedGet(view, advanced);
        foreach (var index in advanced)
            index?.Discard();
        Free(view, x);
        return y;
    }

    /// <summary>x[indices] = value (or +=).</summary>
    internal static Tensor IndexPut(Tensor x, Tensor value, TensorIndex[] indices, bool accumulate)
    {
        var view = Basic(x, indices, out var advanced);
        if (advanced is null)
        {
            if (accumulate)
                view.add_(value);
            else
                AssignInto(view, value);
        }
        else
        {
            using var converted = value.dtype != x.dtype && value.Layout.Count == 1 && IsMaskedFill(indices) ? Convert(value, x.dtype) : null;
            AdvancedPut(view, advanced, converted ?? value, accumulate);
            foreach (var index in advanced)
                index?.Discard();
        }
        Free(view, x);
        return x;
    }

    /// <summary>Writes a value into a view: as <c>copy_</c>, but leading dimensions of size 1 in the value may exceed the view's.</summary>
    internal static void AssignInto(Tensor view, Tensor value)
    {
        var source = value;
        while (source.Layout.Rank > view.Layout.Rank && source.Layout.Shape[0] == 1)
            source = Reshape(source, source.Layout.Shape[1..]);
        CopyInto(view, source);
        Free(source, value);
    }

    /// <summary>Applies the entries that make views; collects masks and index tensors by the dimension of the view that they index.</summary>
    private static Tensor Basic(Tensor x, TensorIndex[] indices, out Tensor?[]? advanced)
    {
        int spare = x.Layout.Rank - Consumed(x, indices);
        List<(int Dim, Tensor Index)>? found = null;
        var current = x;
        int dim = 0;
        foreach (var index in indices)
        {
            var next = index.Type switch
            {
                TensorIndex.Kind.Colon => Pass(current, ref dim, 1),
                TensorIndex.Kind.Ellipsis => Pass(current, ref dim, spare),
                TensorIndex.Kind.None => Unsqueeze(current, dim++),
                TensorIndex.Kind.Single => Select(current, dim, index.Start ?? 0),
                TensorIndex.Kind.Slice => Slice(current, dim++, index.Start ?? 0, index.Stop ?? long.MaxValue, index.Step ?? 1),
                TensorIndex.Kind.Bool => ByBool(current, index.Start!.Value != 0, ref dim, ref found),
                _ => ByTensor(x, current, index.Index!, ref dim, ref found),
            };
            if (ReferenceEquals(next, current))
                continue;
            Free(current, x);
            current = next;
        }
        advanced = null;
        if (found is not null)
        {
            advanced = new Tensor?[current.Layout.Rank];
            foreach (var (at, index) in found)
                advanced[at] = index;
        }
        return ReferenceEquals(current, x) && advanced is null ? Alias(x) : current;
    }

    /// <summary>How many of x's dimensions the entries index.</summary>
    private static int Consumed(Tensor x, TensorIndex[] indices)
    {
        int consumed = 0;
        foreach (var index in indices)
            consumed += index.Type switch
            {
                TensorIndex.Kind.None or TensorIndex.Kind.Ellipsis or TensorIndex.Kind.Bool => 0,
                TensorIndex.Kind.Tensor when IsMask(index.Index!) => index.Index!.Layout.Rank,
                _ => 1,
            };
        return consumed <= x.Layout.Rank ? consumed : throw new ExternalException($"too many indices for tensor of dimension {x.Layout.Rank} (shape {x.Layout})");
    }

    private static Tensor Pass(Tensor current, ref int dim, int count)
    {
        dim += count;
        return current;
    }

    /// <summary>A new dimension, of which all or nothing is taken.</summary>
    private static Tensor ByBool(Tensor current, bool all, ref int dim, ref List<(int Dim, Tensor Index)>? found)
    {
        var view = Unsqueeze(current, dim);
        (found ??= []).Add((dim++, torch.zeros([all ? 1 : 0], ScalarType.Int64, CPU)));
        return view;
    }

    /// <summary>A number selects, a mask stands for the coordinates of its true elements.</summary>
    private static Tensor ByTensor(Tensor x, Tensor current, Tensor index, ref int dim, ref List<(int Dim, Tensor Index)>? found)
    {
        if (index.dtype is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Byte or ScalarType.Bool))
            throw new ExternalException($"tensors used as indices must be long, int, byte or bool tensors, got {index.dtype}");
        if (index.Layout.Rank == 0)
            return IsMask(index) ? ByBool(current, index.ToBoolean(), ref dim, ref found) : Select(current, dim, index.ToInt64());
        if (!IsMask(index))
        {
            var packed = Packed(index, ScalarType.Int64);
            (found ??= []).Add((dim++, packed.alias()));
            Free(packed, index);
            return current;
        }
        for (int d = 0; d < index.Layout.Rank; d++)
            if (index.Layout.Shape[d] != current.Layout.Shape[dim + d])
                throw new ExternalException($"The shape of the mask {index.Layout} at index {d} does not match the shape of the indexed tensor {x.Layout} at index {dim + d}");
        using var coordinates = NonZero(index).AsTemporary();
        found ??= [];
        for (int d = 0; d < index.Layout.Rank; d++)
            found.Add((dim++, coordinates.select(1, d)));
        return current;
    }

    /// <summary>A mask and no other tensor: with a single value that is <c>masked_fill_</c>, which converts it to the tensor's type.</summary>
    private static bool IsMaskedFill(TensorIndex[] indices) => indices.Where(index => index.Type == TensorIndex.Kind.Tensor).ToArray() is [var only] && IsMask(only.Index!);

    private static bool IsMask(Tensor index) => index.dtype is ScalarType.Bool or ScalarType.Byte;

    /// <summary>Coordinates [count, rank] of the elements that are not zero, in row-major order.</summary>
    internal static Tensor NonZero(Tensor x)
    {
        if (x.IsMeta)
            x.ThrowNoData();
        var packed = Packed(x, ScalarType.Bool);
        var y = packed;
        packed.Backend.NonZero(packed.On(packed), x.Layout.Shape, count =>
        {
            y = packed.NewEmpty([count, x.Layout.Rank], ScalarType.Int64);
            return (nint)y.On(y);
        });
        GC.KeepAlive(packed);
        GC.KeepAlive(y);
        Free(packed, x);
        return y;
    }
}
