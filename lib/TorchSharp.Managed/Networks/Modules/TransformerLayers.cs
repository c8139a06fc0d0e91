using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public enum Activations
            {
                ReLU = 0,
                GELU = 1,
            }

            /// <summary>Self-attention and a two-layer network, each with a residual connection and layer normalisation after it.</summary>
            public static TransformerEncoderLayer TransformerEncoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(d_model, nhead, dim_feedforward, dropout, activation);

            /// <summary>Self-attention, attention to the encoder's output, and a two-layer network.</summary>
            public static TransformerDecoderLayer TransformerDecoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(d_model, nhead, dim_feedforward, dropout, activation);
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class TransformerEncoderLayer : Module<Tensor, Tensor>, IModule<Tensor, Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>
    {
        private readonly MultiheadAttention _self_attn;
        private readonly Linear _linear1, _linear2;
        private readonly Dropout _dropout, _dropout1, _dropout2;
        private readonly LayerNorm _norm1, _norm2;
        private readonly Activations _activation;
        private readonly (long, long, long, double) _shape;

        internal TransformerEncoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, Activations activation) : base(nameof(TransformerEncoderLayer))
        {
            (_activation, _shape) = (activation, (d_model, nhead, dim_feedforward, dropout));
            _self_attn = MultiheadAttention(d_model, nhead, dropout);
            _linear1 = Linear(d_model, dim_feedforward);
            _dropout = Dropout(dropout);
            _linear2 = Linear(dim_feedforward, d_model);
            (_norm1, _norm2, _dropout1, _dropout2) = (LayerNorm(d_model), LayerNorm(d_model), Dropout(dropout), Dropout(dropout));
            RegisterModules(
                (nameof(_self_attn), _self_attn), (nameof(_linear1), _linear1), (nameof(dropout), _dropout), (nameof(_linear2), _linear2),
                (nameof(_norm1), _norm1), (nameof(_norm2), _norm2), (nameof(_dropout1), _dropout1), (nameof(_dropout2), _dropout2));
        }

        /// <summary>Another layer of the same shape and with the same weights.</summary>
        internal TransformerEncoderLayer Copy()
        {
            var copy = new TransformerEncoderLayer(_shape.Item1, _shape.Item2, _shape.Item3, _shape.Item4, _activation);
            // libtorch's clone draws for the copy, and then again for a copy of each of its modules.
            _self_attn.DrawAsAClone();
            _linear1.DrawAsAClone();
            _linear2.DrawAsAClone();
            copy.load_state_dict(state_dict());
            return copy;
        }

        public override Tensor forward(Tensor src) => Run(src, null, null);

        /// <param name="src">[L, N, E].</param>
        /// <param name="src_mask">[L, L], added to the scores (or true where forbidden).</param>
        /// <param name="src_key_padding_mask">[N, L], true where a position is padding.</param>
        public Tensor call(Tensor src, Tensor src_mask, Tensor src_key_padding_mask) => Run(src, src_mask, src_key_padding_mask);

        public Tensor call(Tensor src, Tensor src_mask) => Run(src, src_mask, null);

        private Tensor Run(Tensor src, Tensor? mask, Tensor? padding)
        {
            using var scope = DisposeScope.ForTemporaries();
            var attended = _self_attn.call(src, src, src, padding, false, mask).Item1;
            var x = _norm1.call(src + _dropout1.call(attended));
            var inner = _linear2.call(_dropout.call(Activate(_linear1.call(x), _activation)));
            return scope.MoveToOuter(_norm2.call(x + _dropout2.call(inner)));
        }

        internal static Tensor Activate(Tensor x, Activations activation) => activation == Activations.ReLU ? functional.relu(x) : functional.gelu(x);
    }

    public sealed class TransformerDecoderLayer : Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>
    {
        private readonly MultiheadAttention _self_attn, _multihead_attn;
        private readonly Linear _linear1, _linear2;
        private readonly Dropout _dropout, _dropout1, _dropout2, _dropout3;
        private readonly LayerNorm _norm1, _norm2, _norm3;
        private readonly Activations _activation;
        private readonly (long, long, long, double) _shape;

        internal TransformerDecoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, Activations activation) : base(nameof(TransformerDecoderLayer))
        {
            (_activation, _shape) = (activation, (d_model, nhead, dim_feedforward, dropout));
            _self_attn = MultiheadAttention(d_model, nhead, dropout);
            _multihead_attn = MultiheadAttention(d_model, nhead, dropout);
            _linear1 = Linear(d_model, dim_feedforward);
            _dropout = Dropout(dropout);
            _linear2 = Linear(dim_feedforward, d_model);
            (_norm1, _norm2, _norm3) = (LayerNorm(d_model), LayerNorm(d_model), LayerNorm(d_model));
            (_dropout1, _dropout2, _dropout3) = (Dropout(dropout), Dropout(dropout), Dropout(dropout));
            RegisterModules(
                (nameof(_self_attn), _self_attn), (nameof(_multihead_attn), _multihead_attn), (nameof(_linear1), _linear1),
                (nameof(dropout), _dropout), (nameof(_linear2), _linear2), (nameof(_norm1), _norm1), (nameof(_norm2), _norm2),
                (nameof(_norm3), _norm3), (nameof(_dropout1), _dropout1), (nameof(_dropout2), _dropout2), (nameof(_dropout3), _dropout3));
        }

        /// <summary>Another layer of the same shape and with the same weights.</summary>
        internal TransformerDecoderLayer Copy()
        {
            var copy = new TransformerDecoderLayer(_shape.Item1, _shape.Item2, _shape.Item3, _shape.Item4, _activation);
            // libtorch's clone draws for the copy, and then again for a copy of each of its modules.
            _self_attn.DrawAsAClone();
            _multihead_attn.DrawAsAClone();
            _linear1.DrawAsAClone();
            _linear2.DrawAsAClone();
            copy.load_state_dict(state_dict());
            return copy;
        }

        /// <param name="tgt">[T, N, E].</param>
        /// <param name="memory">The encoder's output [S, N, E].</param>
        public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask, Tensor? tgt_key_padding_mask, Tensor? memory_key_padding_mask)
        {
            using var scope = DisposeScope.ForTemporaries();
            var x = _norm1.call(tgt + _dropout1.call(_self_attn.call(tgt, tgt, tgt, tgt_key_padding_mask, false, tgt_mask).Item1));
            x = _norm2.call(x + _dropout2.call(_multihead_attn.call(x, memory, memory, memory_key_padding_mask, false, memory_mask).Item1));
            var inner = _linear2.call(_dropout.call(TransformerEncoderLayer.Activate(_linear1.call(x), _activation)));
            return scope.MoveToOuter(_norm3.call(x + _dropout3.call(inner)));
        }

        public new Tensor call(Tensor tgt, Tensor memory, Tensor tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
            base.call(tgt, memory, tgt_mask, memory_mask!, tgt_key_padding_mask!, memory_key_padding_mask!);

        public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null!);
    }
}
