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
            if (Layout.Rank != 1 || !dtype.IsIntegral()) throw new ExternalException($"bincount only supports 1-d non-negative integral inputs, got {Describe()}");
            if (weights is not null && weights.numel() != numel()) throw new ExternalException($"weights should have the same length as input: {weights.Layout} and {Layout}");
            using var whole = this.@long();
            var values = whole.data<long>().ToArray();
            if (values.Any(value => value < 0)) throw new ExternalException("bincount only supports 1-d non-negative integral inputs.");
            var bins = Math.Max(values.Length == 0 ? 0 : values.Max() + 1, minlength);
            if (weights is null)
            {
                var counts = new long[bins];
                foreach (var value in values) counts[value]++;
                return tensor(counts);
            }
            var sums = new double[bins];
            var w = weights.Doubles();
            for (var i = 0; i < values.Length; i++) sums[values[i]] += w[i];
            return tensor(sums, weights.dtype == ScalarType.Float32 ? ScalarType.Float32 : ScalarType.Float64);
        }

        /// <summary>Counts in bins of equal width between min and max (both 0: those of the data); what lies outside is not counted.</summary>
        public Tensor histc(long bins = 100, long min = 0, long max = 0)
        {
            if (bins <= 0) throw new ExternalException("bins must be > 0");
            if (!dtype.IsFloating()) throw new ExternalException($"\"histogram_cpu\" not implemented for '{dtype}'");
            var values = Doubles();
            double low = min, high = max;
            if (low == high && values.Length > 0) (low, high) = (values.Min(), values.Max());
            if (low == high) (low, high) = (low - 1, high + 1);
            if (!double.IsFinite(low) || !double.IsFinite(high) || low > high) throw new ExternalException($"range of [{low}, {high}] is not finite or not in order");
            var counts = new double[bins];
            foreach (var value in values)
                if (value >= low && value <= high)
                    counts[Math.Min((long)((value - low) / (high - low) * bins), bins - 1)]++;
            return tensor(counts, dtype);
        }

        /// <summary>For each element the number of boundaries below it (right: below or equal).</summary>
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false)
        {
            if (boundaries.Layout.Rank != 1) throw new ExternalException($"boundaries tensor must be 1 dimension, but got {boundaries.Layout}");
            var limits = boundaries.Doubles();
            var values = Doubles();
            var result = Array.ConvertAll(values, value =>
            {
                long low = 0, high = limits.Length;
                while (low < high)
                {
                    var middle = (low + high) / 2;
                    if (right ? limits[middle] <= value : limits[middle] < value) low = middle + 1;
                    else high = middle;
                }
                return low;
            });
            return tensor(result, Layout.Shape, outInt32 ? ScalarType.Int32 : ScalarType.Int64);
        }

        /// <summary>Which elements occur in another tensor.</summary>
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false)
        {
            var set = test_elements.Doubles().ToHashSet();
            var values = Doubles();
            return tensor(Array.ConvertAll(values, value => set.Contains(value) != invert), Layout.Shape);
        }

        /// <summary>The different elements (or slices along dim) in order, where each element went, and how often each occurs.</summary>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Distinct(dim, return_inverse, return_counts, consecutive: false);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Distinct(dim, return_inverse, return_counts, consecutive: true);

        private (Tensor, Tensor?, Tensor?) Distinct(int? dim, bool wantInverse, bool wantCounts, bool consecutive)
        {
            using var scope = NewDisposeScope();
            var x = detach();
            var rows = dim is null ? x.reshape(-1, 1) : x.movedim([dim.Value], [0]).reshape(x.size(dim.Value), -1);
            var keys = rows.Doubles();
            int count = (int)rows.size(0), width = (int)rows.size(1);
            int Compare(int a, int b)
            {
                for (var k = 0; k < width; k++)
                {
                    var order = keys[a * width + k].CompareTo(keys[b * width + k]);
                    if (order != 0) return order;
                }
                return 0;
            }

            var sequence = Enumerable.Range(0, count).ToArray();
            if (!consecutive) Array.Sort(sequence, (a, b) => Compare(a, b) is var order && order != 0 ? order : a.CompareTo(b));
            List<long> firsts = [], counts = [];
            var inverse = new long[count];
            for (var i = 0; i < count; i++)
            {
                if (i == 0 || Compare(sequence[i - 1], sequence[i]) != 0)
                {
                    firsts.Add(sequence[i]);
                    counts.Add(0);
                }
                counts[^1]++;
                inverse[sequence[i]] = firsts.Count - 1;
            }
            var picked = tensor(firsts.ToArray());
            var output = dim is null ? x.reshape(-1).index_select(0, picked) : x.index_select(dim.Value, picked);
            var inverses = wantInverse ? tensor(inverse, dim is null ? Layout.Shape : [count]) : null;
            var occurrences = wantCounts ? tensor(counts.ToArray()) : null;
            if (inverses is not null) scope.MoveToOuter(inverses);
            if (occurrences is not null) scope.MoveToOuter(occurrences);
            return (scope.MoveToOuter(output), inverses, occurrences);
        }

        /// <summary>Nested lists of scalars.</summary>
        public object tolist()
        {
            if (Layout.Rank == 0) return ToScalar();
            var list = new System.Collections.ArrayList();
            for (long i = 0; i < Layout.Shape[0]; i++)
            {
                using var part = this[i];
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
        using var scope = NewDisposeScope();
        var sequence = sorter is null ? sorted_sequence : sorted_sequence.take_along_dim(sorter, -1);
        if (sequence.dim() == 1) return scope.MoveToOuter(values.bucketize(sequence, out_int32, right));
        var flat = sequence.reshape(-1, sequence.size(-1));
        var wanted = values.reshape(flat.size(0), -1);
        return scope.MoveToOuter(stack(Enumerable.Range(0, (int)flat.size(0)).Select(i => wanted[i].bucketize(flat[i], out_int32, right))).reshape(values.shape));
    }
}
