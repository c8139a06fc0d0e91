using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Several attentions side by side, each in a subspace. Vaswani et al., 2017.</summary>
            public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0.0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
                new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim);
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class MultiheadAttention : Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>>
    {
        private readonly long _size, _heads;
        private readonly double _dropout;
        private readonly bool _zeroAttention, _sameSizes;
        private readonly Linear _output;

        internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long? kdim, long? vdim) : base(nameof(MultiheadAttention))
        {
            if (num_heads <= 0 || embedded_dim % num_heads != 0)
                throw new ArgumentException($"MultiheadAttention: {embedded_dim} dimensions cannot be split into {num_heads} heads.", nameof(num_heads));
            functional.RequireProbability(dropout);
            (_size, _heads, _dropout, _zeroAttention) = (embedded_dim, num_heads, dropout, add_zero_attn);
            long keySize = kdim ?? _size, valueSize = vdim ?? _size;
            _sameSizes = keySize == _size && valueSize == _size;
            // The output projection draws its (later overwritten) bias before the others draw their weights: PyTorch's order.
            _output = Linear(_size, _size, bias);
            if (_sameSizes)
                register_parameter("in_proj_weight", Xavier(3 * _size, _size));
            else
            {
                register_parameter("q_proj_weight", Xavier(_size, _size));
                register_parameter("k_proj_weight", Xavier(_size, keySize));
                register_parameter("v_proj_weight", Xavier(_size, valueSize));
            }
            if (bias)
                register_parameter("in_proj_bias", new Parameter(zeros([3 * _size])));
            if (add_bias_kv)
            {
                register_parameter("bias_k", new Parameter(init.xavier_normal_(empty([1L, 1, _size]))));
                register_parameter("bias_v", new Parameter(init.xavier_normal_(empty([1L, 1, _size]))));
            }
            register_module("out_proj", _output);
            if (bias)
                init.zeros_(_output.bias!);
        }

        /// <summary>Draws what libtorch draws for a copy of an attention of one size: for itself, and again for the projection.</summary>
        internal void DrawAsAClone()
        {
            empty(3 * _size * _size).uniform_(0, 1).Discard();
            _output.DrawAsAClone();
            _output.DrawAsAClone();
        }

        private static Parameter Xavier(long rows, long columns) => new(init.xavier_uniform_(empty([rows, columns])));

        /// <param name="query">[L, N, E], or [L, E].</param>
        /// <param name="key">[S, N, kdim].</param>
        /// <param name="value">[S, N, vdim].</param>
        /// <param name="key_padding_mask">[N, S]: true (or −∞) where a key is padding.</param>
        /// <param name="need_weights">Return the attention weights too, averaged over the heads.</param>
        /// <param name="attn_mask">[L, S] or [N·heads, L, S]: true where attention is forbidden, or numbers to add to the scores.</param>
        /// <returns>The attention's output [L, N, E], and its weights [N, L, S] or null.</returns>
        public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
        {
            using var scope = DisposeScope.ForTemporaries();
            bool batched = query.dim() == 3;
            if (!batched)
                (query, key, value, key_padding_mask) = (query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1), key_padding_mask?.unsqueeze(0));
            if (query.shape[^1] != _size)
                throw new ArgumentException($"MultiheadAttention: expected a query of {_size} dimensions, got shape [{string.Join(", ", query.shape)}].", nameof(query));
            long length = query.shape[0], batch = query.shape[1], depth = _size / _heads;
            var (q, k, v) = Project(query, key, value);
            if (attn_mask is { } two && two.dim() == 2)
                attn_mask = two.unsqueeze(0);
            if (get_parameter("bias_k") is { } biasK && get_parameter("bias_v") is { } biasV)
            {
                k = cat([k, biasK.expand(1, batch, _size)], 0);
                v = cat([v, biasV.expand(1, batch, _size)], 0);
                (attn_mask, key_padding_mask) = (Longer(attn_mask), Longer(key_padding_mask));
            }
            Tensor Heads(Tensor x) => x.reshape(x.shape[0], batch * _heads, depth).transpose(0, 1);
            (q, k, v) = (Heads(q), Heads(k), Heads(v));
            if (_zeroAttention)
            {
                k = cat([k, zeros([batch * _heads, 1, depth], k.dtype, k.device)], 1);
                v = cat([v, zeros([batch * _heads, 1, depth], v.dtype, v.device)], 1);
                (attn_mask, key_padding_mask) = (Longer(attn_mask), Longer(key_padding_mask));
            }
            var scores = q.div(Math.Sqrt(depth)).bmm(k.transpose(1, 2));
            if (attn_mask is not null)
                scores = Mask(scores, attn_mask);
            if (key_padding_mask is not null)
            {
                long sources = key_padding_mask.shape[1];
                scores = Mask(scores.view(batch, _heads, length, sources), key_padding_mask.view(batch, 1, 1, sources)).view(batch * _heads, length, sources);
            }
            var weights = functional.dropout(functional.softmax(scores, -1), _dropout, training);
            var result = _output.call(weights.bmm(v).transpose(0, 1).reshape(length, batch, _size));
            var average = need_weights ? weights.view(batch, _heads, length, weights.shape[2]).mean([1]) : null;
            if (!batched)
                (result, average) = (result.squeeze(1), average?.squeeze(0));
            return new(scope.MoveToOuter(result), average is null ? null! : scope.MoveToOuter(average));
        }

        public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
            base.call(query, key, value, key_padding_mask!, need_weights, attn_mask!);

        private (Tensor q, Tensor k, Tensor v) Project(Tensor query, Tensor key, Tensor value)
        {
            Tensor? bias = get_parameter("in_proj_bias");
            Tensor? Part(int i) => bias?.narrow(0, i * _size, _size);
            if (!_sameSizes)
                return (functional.linear(query, get_parameter("q_proj_weight")!, Part(0)), functional.linear(key, get_parameter("k_proj_weight")!, Part(1)), functional.linear(value, get_parameter("v_proj_weight")!, Part(2)));
            Tensor weight = get_parameter("in_proj_weight")!;
            if (ReferenceEquals(query, key) && ReferenceEquals(key, value))
            {
                var parts = functional.linear(query, weight, bias).chunk(3, -1);
                return (parts[0], parts[1], parts[2]);
            }
            Tensor Rows(int i) => weight.narrow(0, i * _size, _size);
            return (functional.linear(query, Rows(0), Part(0)), functional.linear(key, Rows(1), Part(1)), functional.linear(value, Rows(2), Part(2)));
        }

        private static Tensor Mask(Tensor scores, Tensor mask) => mask.dtype == ScalarType.Bool ? scores.masked_fill(mask, double.NegativeInfinity) : scores + mask;

        /// <summary>One more key, to which attention is allowed.</summary>
        private static Tensor? Longer(Tensor? mask) => mask is null ? null : cat([mask, zeros([.. mask.shape[..^1], 1], mask.dtype, mask.device)], mask.dim() - 1);
    }
}
