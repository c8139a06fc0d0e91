using System.Numerics;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // Counting and looking up; not differentiable.
    public partial class Tensor
    {
        /// <summary>How often each of the numbers 0, 1, … occurs, or the sum of its weights.</summary>
        public Tensor bincount(Tensor? weights, long minlength = 0)
        {
            if (Layout.Rank != 1 || !dtype.IsIntegral())
                throw new ExternalException($"bincount only supports 1-d non-negative integral inputs, got {Describe()}");
            if (weights is not null && weights.numel() != numel())
                throw new ExternalException($"weights should have the same length as input: {weights.Layout} and {Layout}");
            using var whole = to_type(ScalarType.Int64).AsTemporary();
            long[] values = whole.Integers();
            if (values.Any(value => value < 0))
                throw new ExternalException("bincount only supports 1-d non-negative integral inputs.");
            long bins = Math.Max(values.Length == 0 ? 0 : values.Max() + 1, minlength);
            if (weights is null)
            {
                long[] counts = new long[bins];
                foreach (long value in values)
                    counts[value]++;
                return tensor(counts, device: device);
            }
            if (values.Length == 0)
                return zeros(bins, ScalarType.Int64, device);
            double[] sums = new double[bins];
            double[] w = weights.Doubles();
            for (int i = 0; i < values.Length; i++)
                sums[values[i]] += w[i];
            return tensor(sums, weights.dtype == ScalarType.Float32 ? ScalarType.Float32 : ScalarType.Float64, device);
        }

        /// <summary>Counts in bins of equal width between min and max (both 0: those of the data); what lies outside is not counted.</summary>
        public Tensor histc(long bins = 100, long min = 0, long max = 0)
        {
            if (bins <= 0)
                throw new ExternalException("bins must be > 0");
            if (!dtype.IsFloating())
                throw new ExternalException($"\"histogram_cpu\" not implemented for '{dtype}'");
            double[] values = Doubles();
            double low = min, high = max;
            if (low == high && values.Length > 0)
                (low, high) = (values.Min(), values.Max());
            if (low == high)
                (low, high) = (low - 1, high + 1);
            if (dtype != ScalarType.Float64)
                (low, high) = ((float)low, (float)high);
            if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
                throw new ExternalException($"range of [{low}, {high}] is not finite or not in order");
            double[] counts = new double[bins];
            foreach (double value in values)
                if (value >= low && value <= high)
                {
                    // In the precision of the data, as PyTorch does it: it decides on which side of an edge a value falls.
                    double place = dtype == ScalarType.Float64 ? (value - low) * bins / (high - low) : (float)(value - low) * bins / (float)(high - low);
                    counts[Math.Min((long)place, bins - 1)]++;
                }
            return tensor(counts, dtype, device);
        }

        /// <summary>For each element the number of boundaries below it (right: below or equal).</summary>
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false)
        {
            if (boundaries.Layout.Rank != 1)
                throw new ExternalException($"boundaries tensor must be 1 dimension, but got {boundaries.Layout}");
            using var scope = DisposeScope.ForTemporaries();
            var type = Operations.CommonType(this, boundaries);
            Tensor values = detach().As(type), limits = boundaries.detach().As(type);
            long[] places = type.IsFloating() ? Places(values.Doubles(), limits.Doubles(), right) : Places(values.Integers(), limits.Integers(), right);
            return scope.MoveToOuter(tensor(places, Layout.Shape, outInt32 ? ScalarType.Int32 : ScalarType.Int64, device));
        }

        private static long[] Places<T>(T[] values, T[] limits, bool right) where T : INumber<T> => Array.ConvertAll(values, value =>
        {
            long low = 0, high = limits.Length;
            while (low < high)
            {
                long middle = (low + high) / 2;
                if (right ? !(limits[middle] > value) : !(limits[middle] >= value))
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        });

        /// <summary>Which elements occur in another tensor, compared in the type in which both meet.</summary>
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false)
        {
            var type = Operations.CommonType(this, test_elements);
            using var scope = DisposeScope.ForTemporaries();
            Tensor x = detach().As(type), tests = test_elements.detach().As(type);
            bool[] found = type.IsFloating() ? Among(x.Doubles(), tests.Doubles(), invert) : Among(x.Integers(), tests.Integers(), invert);
            return scope.MoveToOuter(tensor(found, Layout.Shape, device: device));
        }

        private static bool[] Among<T>(T[] values, T[] tests, bool invert) where T : INumber<T>
        {
            // NaN is equal to nothing, itself included.
            var set = tests.Where(test => !T.IsNaN(test)).ToHashSet();
            return Array.ConvertAll(values, value => set.Contains(value) != invert);
        }

        /// <summary>The different elements (or slices along dim) in order, where each element went, and how often each occurs.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Distinct(dim, return_inverse, return_counts, consecutive: false);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Distinct(dim, return_inverse, return_counts, consecutive: true);

        private (Tensor, Tensor?, Tensor?) Distinct(int? dim, bool wantInverse, bool wantCounts, bool consecutive)
        {
            using var scope = DisposeScope.ForTemporaries();
            var x = detach();
            var rows = dim is null ? x.reshape(-1, 1) : x.movedim([dim.Value], [0]).reshape(x.size(dim.Value), -1);
            var (firsts, inverse, counts) = dtype.IsFloating() ? Groups(rows.Doubles(), rows.Layout, consecutive) : Groups(rows.Integers(), rows.Layout, consecutive);
            var picked = tensor(firsts.ToArray(), device: device);
            var output = dim is null ? x.reshape(-1).index_select(0, picked) : x.index_select(dim.Value, picked);
            var inverses = wantInverse ? tensor(inverse, dim is null ? Layout.Shape : [inverse.Length], device: device) : null;
            var occurrences = wantCounts ? tensor(counts.ToArray(), device: device) : null;
            if (inverses is not null)
                scope.MoveToOuter(inverses);
            if (occurrences is not null)
                scope.MoveToOuter(occurrences);
            return (scope.MoveToOuter(output), inverses, occurrences);
        }

        /// <summary>Groups of equal rows: the first row of each, the group of every row, and how many rows each has. Every NaN is a group of its own.</summary>
        private static (List<long> Firsts, long[] Inverse, List<long> Counts) Groups<T>(T[] keys, Layout rows, bool consecutive) where T : INumber<T>
        {
            int count = (int)rows.Shape[0], width = (int)rows.Shape[1];
            int Order(int a, int b)
            {
                for (int k = 0; k < width; k++)
                {
                    T left = keys[a * width + k], right = keys[b * width + k];
                    // NaN comes last.
                    if (T.IsNaN(left) != T.IsNaN(right))
                        return T.IsNaN(left) ? 1 : -1;
                    if (left != right)
                        return T.IsNaN(left) ? a.CompareTo(b) : left.CompareTo(right);
                }
                return 0;
            }

            int[] sequence = Enumerable.Range(0, count).ToArray();
            if (!consecutive)
                Array.Sort(sequence, (a, b) => Order(a, b) is var order && order != 0 ? order : a.CompareTo(b));
            List<long> firsts = [], counts = [];
            long[] inverse = new long[count];
            for (int i = 0; i < count; i++)
            {
                if (i == 0 || Order(sequence[i - 1], sequence[i]) != 0)
                {
                    firsts.Add(sequence[i]);
                    counts.Add(0);
                }
                counts[^1]++;
                inverse[sequence[i]] = firsts.Count - 1;
            }
            return (firsts, inverse, counts);
        }

        /// <summary>Nested lists of scalars.</summary>
        public object tolist()
        {
            if (Layout.Rank == 0)
                return ToScalar();
            var list = new System.Collections.ArrayList();
            for (long i = 0; i < Layout.Shape[0]; i++)
            {
                using var part = this[i].AsTemporary();
                list.Add(part.tolist());
            }
            return list;
        }
    }

    public static (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(Tensor input, bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
        input.unique(sorted, return_inverse, return_counts, dim);

    public static (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(Tensor input, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
        input.unique_consecutive(return_inverse, return_counts, dim);

    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) => input.bincount(weights, minlength);

    /// <summary>Positions at which values could be inserted into a sorted sequence (its last dimension) so that it stays sorted.</summary>
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null)
    {
        using var scope = DisposeScope.ForTemporaries();
        var sequence = sorter is null ? sorted_sequence : sorted_sequence.take_along_dim(sorter, -1);
        if (sequence.dim() == 1)
            return scope.MoveToOuter(values.bucketize(sequence, out_int32, right));
        var flat = sequence.reshape(-1, sequence.size(-1));
        var wanted = values.reshape(flat.size(0), -1);
        return scope.MoveToOuter(stack(Enumerable.Range(0, (int)flat.size(0)).Select(i => wanted[i].bucketize(flat[i], out_int32, right))).reshape(values.shape));
    }

    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) => input.histc(bins, min, max);

    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false) => tensor.isin(test_elements, assumeUnique, invert);

    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false) => input.bucketize(boundaries, outInt32, right);
}
