using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One tensor as several views.</summary>
internal static unsafe partial class Operations
{
    /// <summary>
    /// Views of neighbouring pieces along a dimension; dx is the pieces' gradients side by side, all at once: piece by piece each would
    /// need a zero tensor of x's whole size.
    /// </summary>
    /// <param name="drop">Pieces have size 1 and lose the dimension.</param>
    internal static Tensor[] Split(Tensor x, int dim, ReadOnlySpan<long> sizes, bool drop)
    {
        var old = x.Layout;
        var node = Records(x) ? new SplitBackward(x, dim, sizes.ToArray(), drop) : null;
        var pieces = new Tensor[sizes.Length];
        long offset = old.Offset;
        for (int i = 0; i < pieces.Length; i++)
        {
            Layout layout;
            if (drop)
                layout = new Layout(Without(old.Shape, dim), Without(old.Strides, dim), offset);
            else
            {
                long[] shape = (long[])old.Shape.Clone();
                shape[dim] = sizes[i];
                layout = new Layout(shape, old.Strides, offset);
            }
            pieces[i] = View(x, layout, null);
            if (node is not null)
                pieces[i].Produced(node, i);
            offset += sizes[i] * old.Strides[dim];
        }
        return pieces;
    }

    private sealed class SplitBackward(Tensor x, int dim, long[] sizes, bool drop) : UnaryNode(x)
    {
        private readonly long[] _shape = x.Layout.Shape;

        internal override int Outputs => sizes.Length;

        internal override void Backward(Tensor?[] dy, Tensor?[] dx)
        {
            var some = Array.Find(dy, gradient => gradient is not null)!;
            var pieces = new Tensor[dy.Length];
            for (int i = 0; i < pieces.Length; i++)
                pieces[i] = dy[i] ?? torch.zeros(PieceShape(i), some.dtype, some.device);
            dx[0] = drop ? torch.stack(pieces, dim) : torch.cat(pieces, dim);
        }

        private long[] PieceShape(int i)
        {
            if (drop)
                return Without(_shape, dim);
            long[] shape = (long[])_shape.Clone();
            shape[dim] = sizes[i];
            return shape;
        }
    }
}
