using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // Elements in other places: flipped, rolled, repeated, triangular, along diagonals.
    public partial class Tensor
    {
        public Tensor flip(params long[] dims)
        {
            using var scope = DisposeScope.ForTemporaries();
            ulong mask = dims.Length == 0 ? 0 : Operations.DimMask(Layout, dims);
            var x = alias();
            for (int d = 0; d < Layout.Rank; d++)
                if ((mask >> d & 1) != 0)
                    x = x.index_select(d, arange(Layout.Shape[d] - 1, -1, -1, ScalarType.Int64, device));
            return scope.MoveToOuter(x.clone());
        }

        public Tensor fliplr() => Layout.Rank < 2 ? throw new ExternalException($"Input must be >= 2-d (got {Layout})") : flip(1);

        public Tensor flipud() => Layout.Rank < 1 ? throw new ExternalException("Input must be >= 1-d.") : flip(0);

        /// <summary>Elements pushed over the end come in again at the start.</summary>
        public Tensor roll(long shifts, long? dims = null)
        {
            using var scope = DisposeScope.ForTemporaries();
            if (dims is null)
                return scope.MoveToOuter(reshape(-1).roll(shifts, 0).reshape(Layout.Shape));
            if (Layout.Rank == 0)
                throw new ExternalException($"Dimension specified as {dims} but tensor has no dimensions");
            int d = Layout.Dim(dims.Value);
            long size = Layout.Shape[d];
            if (size <= 1)
                return scope.MoveToOuter(clone());
            long start = ((-shifts) % size + size) % size;
            return scope.MoveToOuter(cat([slice(d, start, size, 1), slice(d, 0, start, 1)], d));
        }

        public Tensor roll(long[] shifts) => roll(shifts, Array.Empty<long>());

        public Tensor roll(long[] shifts, long[] dims)
        {
            if (dims.Length == 0 && shifts.Length == 1)
                return roll(shifts[0]);
            if (shifts.Length != dims.Length)
                throw new ExternalException($"shifts and dimensions must align. shifts: {shifts.Length}, dims:{dims.Length}");
            using var scope = DisposeScope.ForTemporaries();
            var x = alias();
            for (int i = 0; i < dims.Length; i++)
                x = x.roll(shifts[i], dims[i]);
            return scope.MoveToOuter(x);
        }

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => roll(shifts.ToArray(), dims.ToArray());

        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) => roll([shifts.Item1, shifts.Item2, shifts.Item3], [dims.Item1, dims.Item2, dims.Item3]);

        /// <summary>A quarter turn, k times, in the plane of two dimensions.</summary>
        public Tensor rot90(long k = 1, (long, long)? dims = null)
        {
            if (Layout.Rank < 2)
                throw new ExternalException($"expected total dims >= 2, but got total dims = {Layout.Rank}");
            var (a, b) = dims ?? (0, 1);
            using var scope = DisposeScope.ForTemporaries();
            return scope.MoveToOuter((((k % 4) + 4) % 4) switch
            {
                1 => flip(b).transpose(a, b).clone(),
                2 => flip(a, b),
                3 => flip(a).transpose(a, b).clone(),
                _ => clone(),
            });
        }

        /// <summary>Copies side by side along each dimension (new dimensions come first).</summary>
        public Tensor repeat(params long[] sizes)
        {
            if (sizes.Length < Layout.Rank)
                throw new ExternalException($"Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor: {TorchSharp.Layout.Text(sizes)} for {Layout}");
            using var scope = DisposeScope.ForTemporaries();
            int missing = sizes.Length - Layout.Rank;
            // [s] → [1, s] expanded to [times, s], then merged.
            var interleaved = new List<long>();
            var expanded = new List<long>();
            long[] shape = new long[sizes.Length];
            for (int d = 0; d < sizes.Length; d++)
            {
                long size = d < missing ? 1 : Layout.Shape[d - missing];
                interleaved.AddRange([1, size]);
                expanded.AddRange([sizes[d], size]);
                shape[d] = sizes[d] * size;
            }
            return scope.MoveToOuter(reshape([.. interleaved]).expand([.. expanded]).reshape(shape).contiguous().alias());
        }

        public Tensor tile(long[] reps) => reps.Length < Layout.Rank ? repeat([.. Enumerable.Repeat(1L, Layout.Rank - reps.Length), .. reps]) : repeat(reps);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            using var scope = DisposeScope.ForTemporaries();
            if (dim is null)
                return scope.MoveToOuter(reshape(-1).repeat_interleave(repeats, 0));
            var index = arange(Layout.Size(Layout.Dim(dim.Value)), dtype: ScalarType.Int64, device: device).unsqueeze(1).expand(-1, repeats).reshape(-1);
            return scope.MoveToOuter(index_select(dim.Value, index));
        }

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
        {
            using var scope = DisposeScope.ForTemporaries();
            if (Layout.Rank == 0 && dim is not null)
                throw new ExternalException($"repeat_interleave: dimension specified as {dim} but tensor has no dimensions");
            var x = dim is null ? reshape(-1) : this;
            int d = x.Layout.Dim(dim ?? 0);
            long[] counts = repeats.expand(x.Layout.Shape[d]).Integers();
            var index = new List<long>();
            for (int i = 0; i < counts.Length; i++)
                for (long k = 0; k < counts[i]; k++)
                    index.Add(i);
            return scope.MoveToOuter(x.index_select(d, tensor(index, device: device)));
        }

        /// <summary>The lower triangle; above it zeros.</summary>
        public Tensor tril(long diagonal = 0) => Operations.Triangle(this, diagonal, lower: true);

        public Tensor triu(long diagonal = 0) => Operations.Triangle(this, diagonal, lower: false);

        public Tensor tril_(long diagonal = 0) => Operations.Update(this, x => x.tril(diagonal));

        public Tensor triu_(long diagonal = 0) => Operations.Update(this, x => x.triu(diagonal));

        /// <summary>A matrix with this vector on a diagonal, or the diagonal of this matrix.</summary>
        public Tensor diag(long diagonal = 0) => Layout.Rank switch
        {
            1 => diag_embed(diagonal),
            2 => Compose(() => this.diagonal(diagonal).clone()),
            _ => throw new ExternalException($"diag(): Supports 1D or 2D tensors. Got {Layout.Rank}D"),
        };

        public Tensor diagflat(long offset = 0)
        {
            using var flat = reshape(-1).AsTemporary();
            return flat.diag_embed(offset);
        }

        /// <summary>Matrices of zeros with the last dimension of this on their diagonals.</summary>
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1)
        {
            if (Layout.Rank == 0)
                throw new ExternalException("diag_embed() needs a tensor with at least one dimension, got none");
            using var scope = DisposeScope.ForTemporaries();
            long n = Layout.Shape[^1] + Math.Abs(offset);
            var matrices = zeros([.. Layout.Shape[..^1], n, n], dtype, device);
            matrices.diagonal(offset, -2, -1).copy_(this);
            return scope.MoveToOuter(matrices.movedim([-2, -1], [dim1, dim2]));
        }

        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => Written(x => x.diagonal(offset, dim1, dim2), src);

        public Tensor select_scatter(Tensor src, long dim, long index) => Written(x => x.select(dim, index), src);

        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => Written(x => x.slice(dim, start ?? 0, end ?? long.MaxValue, step), src);

        private Tensor Written(Func<Tensor, Tensor> window, Tensor source)
        {
            using var scope = DisposeScope.ForTemporaries();
            var copy = clone();
            var part = window(copy);
            if (!part.Layout.SameShape(source.Layout))
                throw new ExternalException($"expected src to have a size equal to the slice of self. src size = {source.Layout}, slice size = {part.Layout}");
            part.copy_(source);
            return scope.MoveToOuter(copy);
        }

        public Tensor trace()
        {
            if (Layout.Rank != 2)
                throw new ArgumentException($"trace: expected a matrix, but got tensor with dim {Layout.Rank}");
            using var diagonal = this.diagonal().AsTemporary();
            return diagonal.sum();
        }

        public Tensor index_fill(long dim, Tensor index, Scalar value) => clone().index_fill_(dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            if (Layout.Rank > 0)
                return index_put_(value, Along(dim, index));
            using var vector = unsqueeze(0).AsTemporary();
            vector.index_put_(value, vector.Along(dim, index));
            return this;
        }

        public Tensor index_copy(long dim, Tensor index, Tensor source) => clone().index_copy_(dim, index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source)
        {
            var along = Along(dim, index);
            CheckInPlace();
            using var negative = index.lt(0).AsTemporary();
            using var any = negative.any().AsTemporary();
            if (any.ToBoolean())
                throw new ExternalException($"index_copy_(): index out of bounds for dimension {dim}, which has size {Layout.Shape[Layout.Dim(dim)]}: none may be negative");
            return index_put_(source, along);
        }

        private TensorIndex[] Along(long dim, Tensor index)
        {
            if (Layout.Rank == 0)
                throw new ExternalException($"index_copy_ needs a tensor with dimensions, got {Describe()}");
            var indices = new TensorIndex[Layout.Rank];
            Array.Fill(indices, TensorIndex.Colon);
            indices[Layout.Dim(dim)] = TensorIndex.Tensor(index);
            return indices;
        }

        public Tensor masked_scatter(Tensor mask, Tensor value) => clone().masked_scatter_(mask, value);

        /// <summary>Consecutive elements of value where the mask holds.</summary>
        public Tensor masked_scatter_(Tensor mask, Tensor value)
        {
            CheckInPlace();
            using var scope = DisposeScope.ForTemporaries();
            var where = mask.expand(Layout.Shape);
            long count = where.sum().ToInt64();
            if (count > value.numel())
                throw new ExternalException($"masked_scatter: expected self and source to have enough elements: the mask selects {count}, source has {value.numel()}");
            index_put_(value.reshape(-1).slice(0, 0, count, 1), TensorIndex.Tensor(where));
            return this;
        }

        public Tensor take_along_dim(Tensor indices)
        {
            using var flat = reshape(-1).AsTemporary();
            using var positions = indices.reshape(-1).AsTemporary();
            return flat.gather(0, positions);
        }

        public Tensor take_along_dim(Tensor indices, long dim)
        {
            if (Layout.Rank != indices.Layout.Rank)
                throw new ExternalException($"take_along_dim(): input and indices should have the same number of dimensions, but got {Layout} and {indices.Layout}");
            using var scope = DisposeScope.ForTemporaries();
            int d = Layout.Dim(dim);
            long[] own = (long[])Layout.Shape.Clone(), theirs = indices.shape;
            own[d] = theirs[d] = 1;
            long[] common = TorchSharp.Layout.Broadcast(TorchSharp.Layout.Of(own), TorchSharp.Layout.Of(theirs)).Shape;
            long[] full = (long[])common.Clone(), picked = (long[])common.Clone();
            full[d] = Layout.Shape[d];
            picked[d] = indices.Layout.Shape[d];
            return scope.MoveToOuter(expand(full).gather(d, indices.expand(picked)));
        }

        public Tensor take_along_dim(IEnumerable<long> indices) => take_along_dim(tensor(indices.ToArray(), device: device));

        public Tensor take_along_dim(IEnumerable<long> indices, long dim) => take_along_dim(tensor(indices.ToArray(), device: device), dim);

        public Tensor channel_shuffle(long groups)
        {
            if (Layout.Rank < 3)
                throw new ExternalException($"channel_shuffle expects input with > 2 dims, but got input with sizes {Layout}");
            using var scope = DisposeScope.ForTemporaries();
            long channels = Layout.Shape[1];
            return scope.MoveToOuter(reshape([Layout.Shape[0], groups, channels / groups, .. Layout.Shape[2..]]).transpose(1, 2).reshape(Layout.Shape));
        }
    }

    public static Tensor select_scatter(Tensor input, Tensor src, long dim, long index) => input.select_scatter(src, dim, index);

    public static Tensor slice_scatter(Tensor input, Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => input.slice_scatter(src, dim, start, end, step);

    public static Tensor take_along_dim(Tensor input, IEnumerable<long> indices, long dim = 0) => input.take_along_dim(indices, dim);

    public static Tensor take_along_dim(Tensor input, Tensor indices, long dim = 0) => input.take_along_dim(indices, dim);

    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);

    public static Tensor trace(Tensor input) => input.trace();

    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);

    public static Tensor tril_(Tensor input, long diagonal = 0) => input.tril_(diagonal);

    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);

    public static Tensor triu_(Tensor input, long diagonal = 0) => input.triu_(diagonal);

    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, long[] shifts) => input.roll(shifts);

    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, (long, long, long) shifts, (long, long, long) dims) => input.roll(shifts, dims);

    public static Tensor roll(Tensor input, (long, long) shifts, (long, long) dims) => input.roll(shifts, dims);

    public static Tensor rot90(Tensor input, long k = 1, (long, long)? dims = null) => input.rot90(k, dims);

    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);

    public static Tensor diag_embed(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) => input.diag_embed(offset, dim1, dim2);

    public static Tensor diagflat(Tensor input, long offset = 0) => input.diagflat(offset);

    public static Tensor diagonal_scatter(Tensor input, Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal_scatter(src, offset, dim1, dim2);

    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    public static Tensor fliplr(Tensor input) => input.fliplr();

    public static Tensor flipud(Tensor input) => input.flipud();

    public static Tensor index_copy(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy(dim, index, source);

    public static Tensor index_copy_(Tensor input, long dim, Tensor index, Tensor source) => input.index_copy_(dim, index, source);

    public static Tensor index_fill(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill(dim, index, value);

    public static Tensor index_fill_(Tensor input, long dim, Tensor index, Scalar value) => input.index_fill_(dim, index, value);
}
