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
        private readonly MultiheadAttention self_attn;
        private readonly Linear linear1, linear2;
        private readonly Dropout dropout, dropout1, dropout2;
        private readonly LayerNorm norm1, norm2;
        private readonly Activations activation;
        private readonly (long, long, long, double) shape;

        internal TransformerEncoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, Activations activation) : base(nameof(TransformerEncoderLayer))
        {
            (this.activation, shape) = (activation, (d_model, nhead, dim_feedforward, dropout));
            self_attn = MultiheadAttention(d_model, nhead, dropout);
            linear1 = Linear(d_model, dim_feedforward);
            this.dropout = Dropout(dropout);
            linear2 = Linear(dim_feedforward, d_model);
            (norm1, norm2, dropout1, dropout2) = (LayerNorm(d_model), LayerNorm(d_model), Dropout(dropout), Dropout(dropout));
            RegisterModules(
                (nameof(self_attn), self_attn), (nameof(linear1), linear1), (nameof(dropout), this.dropout), (nameof(linear2), linear2),
                (nameof(norm1), norm1), (nameof(norm2), norm2), (nameof(dropout1), dropout1), (nameof(dropout2), dropout2));
        }

        /// <summary>Another layer of the same shape and with the same weights.</summary>
        internal TransformerEncoderLayer Copy()
        {
            var copy = new TransformerEncoderLayer(shape.Item1, shape.Item2, shape.Item3, shape.Item4, activation);
            // libtorch's clone draws for the copy, and then again for a copy of each of its modules.
            self_attn.DrawAsAClone();
            linear1.DrawAsAClone();
            linear2.DrawAsAClone();
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
            using DisposeScope scope = DisposeScope.ForTemporaries();
            Tensor attended = self_attn.call(src, src, src, padding, false, mask).Item1;
            Tensor x = norm1.call(src + dropout1.call(attended));
            Tensor inner = linear2.call(dropout.call(Activate(linear1.call(x), activation)));
            return scope.MoveToOuter(norm2.call(x + dropout2.call(inner)));
        }

        internal static Tensor Activate(Tensor x, Activations activation) => activation == Activations.ReLU ? functional.relu(x) : functional.gelu(x);
    }

    public sealed class TransformerDecoderLayer : Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>
    {
        private readonly MultiheadAttention self_attn, multihead_attn;
        private readonly Linear linear1, linear2;
        private readonly Dropout dropout, dropout1, dropout2, dropout3;
        private readonly LayerNorm norm1, norm2, norm3;
        private readonly Activations activation;
        private readonly (long, long, long, double) shape;

        internal TransformerDecoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, Activations activation) : base(nameof(TransformerDecoderLayer))
        {
            (this.activation, shape) = (activation, (d_model, nhead, dim_feedforward, dropout));
            self_attn = MultiheadAttention(d_model, nhead, dropout);
            multihead_attn = MultiheadAttention(d_model, nhead, dropout);
            linear1 = Linear(d_model, dim_feedforward);
            this.dropout = Dropout(dropout);
            linear2 = Linear(dim_feedforward, d_model);
            (norm1, norm2, norm3) = (LayerNorm(d_model), LayerNorm(d_model), LayerNorm(d_model));
            (dropout1, dropout2, dropout3) = (Dropout(dropout), Dropout(dropout), Dropout(dropout));
            RegisterModules(
                (nameof(self_attn), self_attn), (nameof(multihead_attn), multihead_attn), (nameof(linear1), linear1),
                (nameof(dropout), this.dropout), (nameof(linear2), linear2), (nameof(norm1), norm1), (nameof(norm2), norm2),
                (nameof(norm3), norm3), (nameof(dropout1), dropout1), (nameof(dropout2), dropout2), (nameof(dropout3), dropout3));
        }

        /// <summary>Another layer of the same shape and with the same weights.</summary>
        internal TransformerDecoderLayer Copy()
        {
            var copy = new TransformerDecoderLayer(shape.Item1, shape.Item2, shape.Item3, shape.Item4, activation);
            // libtorch's clone draws for the copy, and then again for a copy of each of its modules.
            self_attn.DrawAsAClone();
            multihead_attn.DrawAsAClone();
            linear1.DrawAsAClone();
            linear2.DrawAsAClone();
            copy.load_state_dict(state_dict());
            return copy;
        }

        /// <param name="tgt">[T, N, E].</param>
        /// <param name="memory">The encoder's output [S, N, E].</param>
        public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask, Tensor? tgt_key_padding_mask, Tensor? memory_key_padding_mask)
        {
            using DisposeScope scope = DisposeScope.ForTemporaries();
            Tensor x = norm1.call(tgt + dropout1.call(self_attn.call(tgt, tgt, tgt, tgt_key_padding_mask, false, tgt_mask).Item1));
            x = norm2.call(x + dropout2.call(multihead_attn.call(x, memory, memory, memory_key_padding_mask, false, memory_mask).Item1));
            Tensor inner = linear2.call(dropout.call(TransformerEncoderLayer.Activate(linear1.call(x), activation)));
            return scope.MoveToOuter(norm3.call(x + dropout3.call(inner)));
        }

        public new Tensor call(Tensor tgt, Tensor memory, Tensor tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
            base.call(tgt, memory, tgt_mask, memory_mask!, tgt_key_padding_mask!, memory_key_padding_mask!);

        public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null!);
    }
}
