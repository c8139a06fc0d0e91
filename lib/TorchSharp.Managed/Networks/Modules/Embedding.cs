using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    /// <summary>How an <c>EmbeddingBag</c> combines the vectors of a bag.</summary>
    public enum EmbeddingBagMode
    {
        Sum = 0,
        Mean = 1,
        Max = 2,
    }

    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A table of vectors, looked up by index.</summary>
            /// <param name="padding_idx">A row that starts at 0 and is never trained.</param>
            /// <param name="max_norm">Rows that are used are first scaled down to this norm.</param>
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_embeddings, embedding_dims, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, device, dtype);

            /// <param name="freeze">Do not train the table.</param>
            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(EmbeddingTable(embeddings, freeze, device, dtype), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);

            /// <summary>Sums, averages or maximises the vectors of bags of indices.</summary>
            public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                new(Modules.Embedding.NewTable(num_embeddings, embedding_dims, padding_index < 0 ? null : padding_index, device, dtype), max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);

            /// <param name="freeze">Do not train the table.</param>
            public static EmbeddingBag EmbeddingBag_from_pretrained(Tensor embeddings, bool freeze = true, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                new(EmbeddingTable(embeddings, freeze, device, dtype), max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);

            internal static Parameter EmbeddingTable(Tensor embeddings, bool freeze, Device? device, ScalarType? dtype)
            {
                if (embeddings.dim() != 2)
                    throw new ArgumentException($"Embeddings must be a matrix [count, size], got shape [{string.Join(", ", embeddings.shape)}].", nameof(embeddings));
                InitializeDevice(device!);
                // libtorch makes a table of its own first, and draws for it.
                using (var unused = empty(embeddings.shape).normal_().AsTemporary())
                    return new Parameter(embeddings.to_type(dtype ?? embeddings.dtype).detach(), !freeze);
            }
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class Embedding : Module<Tensor, Tensor>
    {
        private readonly long? _padding;
        private readonly double? _maxNorm;
        private readonly double _normType;

        internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, Device? device, ScalarType? dtype)
            : this(NewTable(num_embeddings, embedding_dims, padding_idx, device, dtype), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse) { }

        internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
        {
            Require(scale_grad_by_freq, sparse);
            (_maxNorm, _normType, this.weight) = (max_norm, norm_type, weight);
            _padding = padding_idx < 0 ? padding_idx + weight.shape[0] : padding_idx;
            if (_padding < 0 || _padding >= weight.shape[0])
                throw new ArgumentException($"padding_idx {padding_idx} lies outside of {weight.shape[0]} embeddings.", nameof(padding_idx));
        }

        /// <summary>[count, size].</summary>
        public Parameter weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value); }

        public override Tensor forward(Tensor input)
        {
            using var scope = DisposeScope.ForTemporaries();
            var flat = Indices(input);
            if (_maxNorm is { } limit)
                Renormalise(weight, flat, limit, _normType);
            var rows = weight.index_select(0, flat);
            if (_padding is { } fixedRow)
                rows = where(flat.eq(fixedRow).unsqueeze(1), rows.detach(), rows);
            return scope.MoveToOuter(rows.view([.. input.shape, weight.shape[1]]));
        }

        internal static Tensor Indices(Tensor input) => input.dtype is ScalarType.Int64 or ScalarType.Int32
            ? input.flatten().to_type(ScalarType.Int64)
            : throw new System.Runtime.InteropServices.ExternalException($"Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got {input.dtype} instead");

        internal static Parameter NewTable(long count, long size, long? padding, Device? device, ScalarType? dtype)
        {
            (device, dtype) = GetDefaultDeviceAndType(device, dtype);
            var weight = new Parameter(empty([count, size], dtype, device));
            init.normal_(weight);
            if (padding is not { } row)
                return weight;
            using (no_grad())
            using (var vector = weight[row].AsTemporary())
                vector.zero_();
            return weight;
        }

        internal static void Require(bool scale_grad_by_freq, bool sparse)
        {
            if (scale_grad_by_freq || sparse)
                throw new NotSupportedException($"{(sparse ? "sparse" : "scale_grad_by_freq")} = true is not supported by the managed engine; build with -p:Engine=torchsharp-cpu for it.");
        }

        internal static void Renormalise(Parameter table, Tensor flat, double limit, double normType)
        {
            using (no_grad())
            {
                var norms = functional.VectorNorm(table, normType, 1, true);
                var used = zeros([table.shape[0], 1], table.dtype, table.device).scatter_(0, flat.unsqueeze(1), ones([flat.numel(), 1], table.dtype, table.device)).gt(0);
                var factor = where(norms.gt(limit).logical_and(used), norms.add(1e-7).reciprocal().mul(limit), ones_like(norms));
                table.mul_(factor);
            }
        }
    }

    public sealed class EmbeddingBag : Module<Tensor, Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>
    {
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly EmbeddingBagMode _mode;
        private readonly bool _lastOffset;
        private readonly long? _padding;

        internal EmbeddingBag(Parameter weight, double? max_norm, double norm_type, bool scale_grad_by_freq, EmbeddingBagMode mode, bool sparse, bool include_last_offset, long padding_index) : base(nameof(EmbeddingBag))
        {
            Embedding.Require(scale_grad_by_freq, sparse);
            (_maxNorm, _normType, _mode, _lastOffset, _padding) = (max_norm, norm_type, mode, include_last_offset, padding_index < 0 ? null : padding_index);
            this.weight = weight;
        }

        public Parameter weight { get; set => ConditionallyRegisterParameter(nameof(weight), field = value); }

        public Tensor call(Tensor input) => call(input, null!, null!);

        public Tensor call(Tensor input, Tensor offsets) => call(input, offsets, null!);

        public new Tensor call(Tensor input, Tensor? offsets, Tensor? perSampleWeights) => base.call(input, offsets!, perSampleWeights!);

        /// <param name="input">Indices: [bags, size], or all bags one after the other.</param>
        /// <param name="offsets">Where each bag starts, when the input has one dimension.</param>
        /// <param name="perSampleWeights">A factor for each index; only for sums.</param>
        public override Tensor forward(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
        {
            if (perSampleWeights is not null && _mode != EmbeddingBagMode.Sum)
                throw new ArgumentException("perSampleWeights need mode Sum.", nameof(perSampleWeights));
            if ((input.dim() == 1) == (offsets is null))
                throw new ArgumentException($"EmbeddingBag: an input of shape [{string.Join(", ", input.shape)}] needs {(offsets is null ? "offsets" : "no offsets")}.", nameof(offsets));
            using var scope = DisposeScope.ForTemporaries();
            var flat = Embedding.Indices(input);
            if (_maxNorm is { } limit)
                Embedding.Renormalise(weight, flat, limit, _normType);
            var bags = new List<Tensor>();
            foreach (var (start, end) in Bags(input, offsets))
            {
                var indices = flat.narrow(0, start, end - start);
                var factors = perSampleWeights?.flatten().narrow(0, start, end - start);
                if (_padding is { } skip)
                {
                    var kept = indices.ne(skip);
                    factors = factors?.masked_select(kept);
                    indices = indices.masked_select(kept);
                }
                var rows = weight.index_select(0, indices);
                if (factors is not null)
                    rows *= factors.unsqueeze(1);
                bags.Add(Combine(rows));
            }
            return scope.MoveToOuter(stack(bags, 0));
        }

        private Tensor Combine(Tensor rows) => _mode switch
        {
            _ when rows.shape[0] == 0 => zeros([weight.shape[1]], weight.dtype, weight.device),
            EmbeddingBagMode.Sum => rows.sum(0L),
            EmbeddingBagMode.Mean => rows.mean([0]),
            _ => rows.max(0L).values,
        };

        private IEnumerable<(long start, long end)> Bags(Tensor input, Tensor? offsets)
        {
            if (offsets is null)
            {
                for (long bag = 0; bag < input.shape[0]; bag++)
                    yield return (bag * input.shape[1], (bag + 1) * input.shape[1]);
                yield break;
            }
            long[] starts = offsets.Integers();
            int count = _lastOffset ? starts.Length - 1 : starts.Length;
            for (int bag = 0; bag < count; bag++)
                yield return (starts[bag], bag + 1 < starts.Length ? starts[bag + 1] : input.shape[0]);
        }
    }
}
