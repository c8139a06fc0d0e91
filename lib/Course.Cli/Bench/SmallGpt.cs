using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Cli.Bench;

/// <summary>A character model as in the small examples of language models: tokens of shape (context, batch) to logits (context, batch, vocabulary).</summary>
internal sealed class SmallGpt : Module<Tensor, Tensor>
{
    public const long Context = 128, Vocabulary = 65;
    private const long Width = 128;
    private readonly Embedding tokens = Embedding(Vocabulary, Width);
    private readonly Embedding positions = Embedding(Context, Width);
    private readonly TransformerEncoder layers = TransformerEncoder(TransformerEncoderLayer(Width, 4, 4 * Width, 0.0), 4);
    private readonly Linear head = Linear(Width, Vocabulary);
    private readonly Tensor order = arange(Context).unsqueeze(1);
    private readonly Tensor causal = full(Context, Context, float.NegativeInfinity).triu(1);

    public SmallGpt() : base(nameof(SmallGpt)) => RegisterComponents();

    public override Tensor forward(Tensor input) => head.call(layers.call(tokens.call(input) + positions.call(order), causal, null!));
}
