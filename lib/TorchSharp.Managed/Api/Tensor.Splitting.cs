using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // One tensor as several, along a dimension.
    public partial class Tensor
    {
        /// <summary>Pieces of the given sizes along a dimension, as views.</summary>
        public Tensor[] split(long[] sizes, long dim = 0)
        {
            if (Layout.Rank == 0)
                throw new ExternalException("split expects at least a 1-dimensional tensor");
            int d = Layout.Dim(dim);
            if (sizes.Sum() != Layout.Shape[d])
                throw new ExternalException($"split_with_sizes expects split_sizes to sum exactly to {Layout.Shape[d]} (input tensor's size at dimension {d}), but got split_sizes={TorchSharp.Layout.Text(sizes)}");
            return Operations.Split(this, d, sizes, drop: false);
        }

        public Tensor[] split(params long[] sizes) => split(sizes, 0L);

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);

        /// <summary>Pieces of one size (the last may be smaller).</summary>
        public Tensor[] split(long size, int dim = 0)
        {
            int d = Layout.Dim(dim);
            long total = Layout.Rank == 0 ? throw new ExternalException("split expects at least a 1-dimensional tensor") : Layout.Shape[d];
            if (size < 0 || (size == 0 && total != 0))
                throw new ExternalException($"split expects split_size be positive, but got split_size={size}");
            long count = size == 0 ? 1 : Math.Max((total + size - 1) / size, 1);
            long[] sizes = new long[count];
            for (int i = 0; i < count; i++)
                sizes[i] = Math.Min(size, total - i * size);
            return split(sizes, d);
        }

        public Tensor[] chunk(long chunks, long dim = 0)
        {
            if (chunks <= 0)
                throw new ExternalException($"chunk expects `chunks` to be greater than 0, got: {chunks}");
            int d = Layout.Dim(dim);
            if (Layout.Rank == 0)
                throw new ExternalException("chunk expects at least a 1-dimensional tensor");
            if (Layout.Shape[d] == 0)
                return split(new long[chunks], d);
            return split((Layout.Shape[d] + chunks - 1) / chunks, d);
        }

        public Tensor[] tensor_split(long size, long dim = 0)
        {
            if (size <= 0)
                throw new ExternalException($"number of sections must be larger than 0, got {size}");
            int d = SplitDim(dim);
            long[] sizes = new long[size];
            for (int i = 0; i < size; i++)
                sizes[i] = Layout.Shape[d] / size + (i < Layout.Shape[d] % size ? 1 : 0);
            return split(sizes, d);
        }

        /// <summary>Cut before each of the given positions.</summary>
        public Tensor[] tensor_split(long[] sizes, long dim = 0)
        {
            int d = SplitDim(dim);
            long[] bounds = [0, .. sizes, Layout.Shape[d]];
            return [.. Enumerable.Range(0, sizes.Length + 1).Select(i => slice(d, bounds[i], i == sizes.Length ? long.MaxValue : bounds[i + 1], 1))];
        }

        public Tensor[] tensor_split(Tensor indices, long dim = 0) => indices.Layout.Rank == 0 ? tensor_split(indices.ToInt64(), dim) : tensor_split(indices.data<long>().ToArray(), dim);

        public Tensor[] unbind(long dimension = 0)
        {
            int d = Layout.Dim(dimension);
            if (Layout.Rank == 0)
                throw new ExternalException("select() cannot be applied to a 0-dim tensor.");
            long[] sizes = new long[Layout.Shape[d]];
            System.Array.Fill(sizes, 1);
            return Operations.Split(this, d, sizes, drop: true);
        }

        public Tensor[] vsplit(long size) => AtLeastTwo().SplitEvenly(size, 0, "first");

        public Tensor[] vsplit(params long[] sizes) => AtLeastTwo().tensor_split(sizes, 0);

        public Tensor[] vsplit(Tensor indices) => AtLeastTwo().tensor_split(indices, 0);

        public Tensor[] hsplit(long size) => SplitEvenly(size, Layout.Rank == 1 ? 0 : 1, "second");

        public Tensor[] hsplit(params long[] sizes) => tensor_split(sizes, Layout.Rank == 1 ? 0 : 1);

        public Tensor[] hsplit(Tensor indices) => tensor_split(indices, Layout.Rank == 1 ? 0 : 1);

        public Tensor[] dsplit(long size) => SplitEvenly(size, 2, "third");

        public Tensor[] dsplit(params long[] sizes) => tensor_split(sizes, 2);

        public Tensor[] dsplit((long, long) indices_or_sections) => dsplit([indices_or_sections.Item1, indices_or_sections.Item2]);

        public Tensor[] dsplit((long, long, long) indices_or_sections) => dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3]);

        public Tensor[] dsplit((long, long, long, long) indices_or_sections) => dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3, indices_or_sections.Item4]);

        public Tensor[] dsplit(Tensor indices) => tensor_split(indices, 2);
    }

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    public static Tensor[] tensor_split(Tensor input, long indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    public static Tensor[] tensor_split(Tensor input, long[] indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    public static Tensor[] tensor_split(Tensor input, Tensor indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);

    public static Tensor[] vsplit(Tensor input, long[] indices_or_sections) => input.vsplit(indices_or_sections);

    public static Tensor[] dsplit(Tensor input, long size) => input.dsplit(size);

    public static Tensor[] dsplit(Tensor input, long[] indices_or_sections) => input.dsplit(indices_or_sections);

    public static Tensor[] dsplit(Tensor input, (long, long) indices_or_sections) => input.dsplit(indices_or_sections);

    public static Tensor[] dsplit(Tensor input, (long, long, long) indices_or_sections) => input.dsplit(indices_or_sections);

    public static Tensor[] dsplit(Tensor input, (long, long, long, long) indices_or_sections) => input.dsplit(indices_or_sections);

    public static Tensor[] dsplit(Tensor input, Tensor indices_or_sections) => input.dsplit(indices_or_sections);

    public static Tensor[] hsplit(Tensor input, long indices_or_sections) => input.hsplit(indices_or_sections);

    public static Tensor[] hsplit(Tensor input, long[] indices_or_sections) => input.hsplit(indices_or_sections);

    public static Tensor[] hsplit(Tensor input, (long, long) indices_or_sections) => input.hsplit([indices_or_sections.Item1, indices_or_sections.Item2]);

    public static Tensor[] hsplit(Tensor input, (long, long, long) indices_or_sections) => input.hsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3]);

    public static Tensor[] hsplit(Tensor input, (long, long, long, long) indices_or_sections) => input.hsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3, indices_or_sections.Item4]);

    public static Tensor[] hsplit(Tensor input, Tensor indices_or_sections) => input.hsplit(indices_or_sections);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind(dim);
}
