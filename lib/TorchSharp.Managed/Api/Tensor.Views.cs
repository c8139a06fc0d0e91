using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // The same elements under another shape.
    public partial class Tensor
    {
        /// <summary>The same memory under a new shape (one size may be −1); throws where strides do not allow it.</summary>
        public Tensor view(params long[] shape) => Operations.Reshape(this, shape, mayCopy: false);

        public Tensor view_as(Tensor other) => view(other.Layout.Shape);

        /// <summary>A new shape (one size may be −1), as a view where strides allow it, else a copy.</summary>
        public Tensor reshape(params long[] shape) => Operations.Reshape(this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1)
        {
            if (Layout.Rank == 0)
                return reshape(1);
            int start = Layout.Dim(start_dim), end = Layout.Dim(end_dim);
            if (start > end)
                throw new ExternalException("flatten() has invalid args: start_dim cannot come after end_dim");
            if (start == end)
                return SameVariable();
            long merged = 1;
            for (int d = start; d <= end; d++)
                merged *= Layout.Shape[d];
            return Operations.Reshape(this, [.. Layout.Shape[..start], merged, .. Layout.Shape[(end + 1)..]]);
        }

        public Tensor unflatten(long dim, params long[] sizes)
        {
            if (Layout.Rank == 0)
                throw new ArgumentException($"unflatten: a tensor without dimensions has no dimension {dim}");
            int d = Layout.Dim(dim);
            return Operations.Reshape(this, [.. Layout.Shape[..d], .. sizes, .. Layout.Shape[(d + 1)..]]);
        }

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public Tensor ravel() => reshape(-1);

        public Tensor permute(params long[] permutation) => Operations.Permute(this, permutation);

        public Tensor permute(IEnumerable<long> permutation) => Operations.Permute(this, permutation.ToArray());

        public Tensor transpose(long dim0, long dim1) => Operations.Transpose(this, dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor transpose_(long dim0, long dim1)
        {
            using var view = transpose(dim0, dim1).AsTemporary();
            return BecomeView(view);
        }

        private Tensor BecomeView(Tensor view)
        {
            CheckInPlace();
            ReplaceLayout(view.Layout);
            if (view.Meta is not null)
                Meta = view.Meta;
            return this;
        }

        public Tensor t()
        {
            if (Layout.Rank > 2)
                throw new ExternalException($"t() expects a tensor with <= 2 dimensions, but self is {Layout.Rank}D");
            return Layout.Rank < 2 ? Operations.Alias(this) : transpose(0, 1);
        }

        /// <summary>All dimensions in reverse order.</summary>
        public Tensor T
        {
            get
            {
                long[] order = new long[Layout.Rank];
                for (int d = 0; d < order.Length; d++)
                    order[d] = order.Length - 1 - d;
                return Operations.Permute(this, order);
            }
        }

        /// <summary>The last two dimensions exchanged.</summary>
        public Tensor mT => Layout.Rank < 2 ? throw new ExternalException($"tensor.mT is only supported on matrices or batches of matrices. Got {Layout.Rank}-D tensor.") : transpose(-2, -1);

        public Tensor H => Layout.Rank is 0 or 2 ? (Layout.Rank == 0 ? Operations.Alias(this) : transpose(0, 1)) : throw new ExternalException($"tensor.H is only supported on matrices (2-D tensors). Got {Layout.Rank}-D tensor.");

        public Tensor mH => mT;

        public Tensor adjoint() => mT;

        public Tensor squeeze(long? dim = null) => Operations.Squeeze(this, dim);

        public Tensor squeeze_(long? dim = null)
        {
            using var view = squeeze(dim).AsTemporary();
            return BecomeView(view);
        }

        public Tensor unsqueeze(long dim) => Operations.Unsqueeze(this, dim);

        public Tensor unsqueeze_(long dim)
        {
            using var view = unsqueeze(dim).AsTemporary();
            return BecomeView(view);
        }

        public Tensor expand(params long[] sizes) => Operations.Expand(this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Operations.Expand(this, sizes);

        public Tensor expand(Size sizes, bool isImplicit = false) => Operations.Expand(this, sizes.Shape);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Operations.Expand(this, sizes);

        public Tensor expand_as(Tensor other) => Operations.Expand(this, other.Layout.Shape);

        public Tensor broadcast_to(params long[] shape) => Operations.Expand(this, shape);

        public Tensor select(long dim, long index) => Operations.Select(this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Operations.Slice(this, dim, start, finish, step);

        public Tensor narrow(long dim, long start, long length)
        {
            int d = Layout.Dim(dim);
            long size = Layout.Rank == 0 ? throw new ExternalException("narrow() cannot be applied to a 0-dim tensor.") : Layout.Shape[d];
            if (length < 0)
                throw new ExternalException($"narrow(): length must be non-negative, got {length}");
            if (start < -size || start > size)
                throw new ExternalException($"start out of range (expected to be in range of [{-size}, {size}], but got {start})");
            if (start < 0)
                start += size;
            if (start + length > size)
                throw new ExternalException($"start ({start}) + length ({length}) exceeds dimension size ({size}).");
            return Operations.Slice(this, d, start, start + length, 1);
        }

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Operations.AsStrided(this, size, strides, storageOffset);

        public Tensor unfold(long dimension, long size, long step) => Operations.Unfold(this, dimension, size, step);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Operations.Diagonal(this, offset, dim1, dim2);

        public Tensor alias() => Operations.Alias(this);

        public Tensor movedim(long[] source, long[] destination)
        {
            int rank = Layout.Rank;
            if (rank == 0)
                return alias();
            int[] from = Array.ConvertAll(source, d => Layout.Dim(d));
            int[] to = Array.ConvertAll(destination, d => Layout.Dim(d));
            if (from.Length != to.Length)
                throw new ExternalException($"movedim: Invalid source or destination dims: source ({TorchSharp.Layout.Text(source)} dims) should contain the same number of dims as destination ({TorchSharp.Layout.Text(destination)} dims)");
            if (from.Distinct().Count() != from.Length || to.Distinct().Count() != to.Length)
                throw new ExternalException("movedim: repeated dim in source or destination");
            long[] order = Enumerable.Repeat(-1L, rank).ToArray();
            for (int i = 0; i < from.Length; i++)
                order[to[i]] = from[i];
            var rest = new Queue<int>(Enumerable.Range(0, rank).Except(from));
            for (int d = 0; d < rank; d++)
                if (order[d] < 0)
                    order[d] = rest.Dequeue();
            return Operations.Permute(this, order);
        }

        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        public Tensor atleast_1d() => Layout.Rank >= 1 ? SameVariable() : reshape(1);

        public Tensor atleast_2d() => Layout.Rank >= 2 ? SameVariable() : Layout.Rank == 1 ? unsqueeze(0) : reshape(1, 1);

        public Tensor atleast_3d() => Layout.Rank >= 3 ? SameVariable() : Layout.Rank == 2 ? unsqueeze(-1) : Layout.Rank == 1 ? reshape(1, Layout.Shape[0], 1) : reshape(1, 1, 1);

        private int SplitDim(long dim) => Layout.Rank == 0 ? throw new ExternalException("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims") : Layout.Dim(dim);

        /// <exception cref="ArgumentException">The dimension's length is no multiple of the number of parts.</exception>
        private Tensor[] SplitEvenly(long parts, int dim, string which) => dim < Layout.Rank && (parts <= 0 || Layout.Shape[dim] % parts != 0)
            ? throw new ArgumentException($"The {which} dimension must be evenly divisible by the size: {Layout.Shape[dim]} by {parts}")
            : tensor_split(parts, dim);

        private Tensor AtLeastTwo() => Layout.Rank >= 2 ? this
            : throw new ExternalException($"torch.vsplit requires a tensor with at least 2 dimension, but got a tensor with {Layout.Rank} dimensions!");
    }

    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);

    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);

    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.swapaxes(axis0, axis1);

    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.swapdims(dim0, dim1);

    public static Tensor t(Tensor input) => input.t();

    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    public static Tensor unflatten(Tensor input, long dim, Size sizes) => input.unflatten(dim, sizes);

    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);

    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);

    public static Tensor unsqueeze_(Tensor input, long dim) => input.unsqueeze_(dim);

    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) => input.moveaxis(source, destination);

    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);

    public static Tensor ravel(Tensor input) => input.ravel();

    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);

    public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal(offset, dim1, dim2);

    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    public static Tensor adjoint(Tensor input) => input.adjoint();

    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);

    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor moveaxis(Tensor input, (long, long) source, (long, long) destination) =>
        input.movedim([source.Item1, source.Item2], [destination.Item1, destination.Item2]);

    public static Tensor moveaxis(Tensor input, (long, long, long) source, (long, long, long) destination) =>
        input.movedim([source.Item1, source.Item2, source.Item3], [destination.Item1, destination.Item2, destination.Item3]);

    public static Tensor moveaxis(Tensor input, (long, long, long, long) source, (long, long, long, long) destination) =>
        input.movedim([source.Item1, source.Item2, source.Item3, source.Item4], [destination.Item1, destination.Item2, destination.Item3, destination.Item4]);
}
