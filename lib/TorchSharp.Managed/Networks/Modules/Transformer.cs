using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Copies of one encoder layer, one after the other.</summary>
            public static TransformerEncoder TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers) => new(encoder_layer, num_layers, null);

            /// <summary>Copies of one decoder layer, one after the other.</summary>
            public static TransformerDecoder TransformerDecoder(TransformerDecoderLayer decoder_layer, long num_layers) => new(decoder_layer, num_layers, null);

            /// <summary>Encoder and decoder of "Attention is all you need". Vaswani et al., 2017.</summary>
            public static Transformer Transformer(long d_model = 512, long nhead = 8, long num_encoder_layers = 6, long num_decoder_layers = 6, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(d_model, nhead, num_encoder_layers, num_decoder_layers, dim_feedforward, dropout, activation);
        }
    }
}

namespace TorchSharp.Modules
{
    public sealed class TransformerEncoder : Module<Tensor, Tensor, Tensor, Tensor>, IModule<Tensor, Tensor, Tensor>, IModule<Tensor, Tensor>
    {
        private readonly ModuleList<TransformerEncoderLayer> _layers;
        private readonly LayerNorm? _norm;

        internal TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers, LayerNorm? norm) : base(nameof(TransformerEncoder))
        {
            _layers = new([.. Enumerable.Range(0, (int)num_layers).Select(_ => encoder_layer.Copy())]);
            _norm = norm;
            register_module(nameof(_layers), _layers);
            if (norm is not null)
                register_module(nameof(norm), norm);
        }

        public override Tensor forward(Tensor src, Tensor? src_mask, Tensor? src_key_padding_mask)
        {
            using var scope = DisposeScope.ForTemporaries();
            foreach (var layer in _layers)
                src = layer.call(src, src_mask!, src_key_padding_mask!);
            return scope.MoveToOuter(_norm is null ? src : _norm.call(src));
        }

        public Tensor call(Tensor src, Tensor src_mask) => call(src, src_mask, null!);

        public Tensor call(Tensor src) => call(src, null!, null!);
    }

    public sealed class TransformerDecoder : Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>
    {
        private readonly ModuleList<TransformerDecoderLayer> _layers;
        private readonly LayerNorm? _norm;

        internal TransformerDecoder(TransformerDecoderLayer decoder_layer, long num_layers, LayerNorm? norm) : base(nameof(TransformerDecoder))
        {
            _layers = new([.. Enumerable.Range(0, (int)num_layers).Select(_ => decoder_layer.Copy())]);
            _norm = norm;
            register_module(nameof(_layers), _layers);
            if (norm is not null)
                register_module(nameof(norm), norm);
        }

        public override Tensor forward(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null)
        {
            using var scope = DisposeScope.ForTemporaries();
            foreach (var layer in _layers)
                tgt = layer.call(tgt, memory, tgt_mask!, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
            return scope.MoveToOuter(_norm is null ? tgt : _norm.call(tgt));
        }

        public new Tensor call(Tensor tgt, Tensor memory, Tensor tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
            base.call(tgt, memory, tgt_mask, memory_mask!, tgt_key_padding_mask!, memory_key_padding_mask!);

        public Tensor call(Tensor tgt, Tensor memory) => call(tgt, memory, null!);
    }

    public sealed class Transformer : Module<Tensor, Tensor, Tensor>
    {
        private readonly TransformerEncoder _encoder;
        private readonly TransformerDecoder _decoder;

        internal Transformer(long d_model, long nhead, long num_encoder_layers, long num_decoder_layers, long dim_feedforward, double dropout, Activations activation) : base(nameof(Transformer))
        {
            _encoder = new(TransformerEncoderLayer(d_model, nhead, dim_feedforward, dropout, activation), num_encoder_layers, LayerNorm(d_model));
            _decoder = new(TransformerDecoderLayer(d_model, nhead, dim_feedforward, dropout, activation), num_decoder_layers, LayerNorm(d_model));
            register_module(nameof(_encoder), _encoder);
            register_module(nameof(_decoder), _decoder);
            foreach (var parameter in parameters())
                if (parameter.dim() > 1)
                    init.xavier_uniform_(parameter);
        }

        /// <param name="src">[S, N, E].</param>
        /// <param name="tgt">[T, N, E].</param>
        public override Tensor forward(Tensor src, Tensor tgt)
        {
            using var memory = _encoder.call(src).AsTemporary();
            return _decoder.call(tgt, memory);
        }

        public Tensor call(Tensor src, Tensor tgt, Tensor src_mask, Tensor? tgt_mask = null, Tensor? memory_mask = null, Tensor? src_key_padding_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null)
        {
            using var memory = _encoder.call(src, src_mask, src_key_padding_mask!).AsTemporary();
            return _decoder.call(tgt, memory, tgt_mask!, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
        }
    }
}
