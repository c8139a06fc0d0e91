using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>
/// Where the generator stands after a module is made or a random function is called: the next uniform and the next normal number,
/// tests/golden/random/next.txt. One draw too many, and everything made afterwards differs.
/// </summary>
internal static class NextNumbers
{
    internal static string FilePath => Path.Combine(Repository.Root, "tests", "golden", "random", "next.txt");

    internal static IReadOnlyDictionary<string, Action> All { get; } = Named();

    /// <summary>The two numbers, so that they can be read back exactly.</summary>
    internal static string After(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        All[name]();
        return string.Create(CultureInfo.InvariantCulture, $"{rand(1, ScalarType.Float64).item<double>():R}\t{randn(1).item<float>():R}");
    }

    internal static void Write() => File.WriteAllLines(FilePath, All.Keys.Select(name => $"{name}\t{After(name)}"));

    private static Dictionary<string, Action> Named()
    {
        Dictionary<string, Action> all = [];
        foreach (var item in GoldenCase.Load("modules"))
            all.TryAdd($"{item.Op} {item.Arguments}", () => GoldenModules.Table[item.Op](item.Arguments));
        Transformers(all);
        Initialisers(all);
        Functions(all);
        return all;
    }

    private static void Transformers(Dictionary<string, Action> all)
    {
        all["TransformerEncoderLayer"] = () => TransformerEncoderLayer(8, 2, 16);
        all["TransformerDecoderLayer"] = () => TransformerDecoderLayer(8, 2, 16);
        foreach (long layers in new long[] { 1, 3 })
        {
            all[$"TransformerEncoder of {layers}"] = () => TransformerEncoder(TransformerEncoderLayer(8, 2, 16), layers);
            all[$"TransformerDecoder of {layers}"] = () => TransformerDecoder(TransformerDecoderLayer(8, 2, 16), layers);
            all[$"Transformer of {layers} and 2"] = () => Transformer(8, 2, layers, 2, 16);
        }
        all["Embedding_from_pretrained"] = () => Embedding_from_pretrained(ones(3, 2));
        all["EmbeddingBag"] = () => EmbeddingBag(3, 2);
        all["PReLU of one"] = () => PReLU(1);
        all["Linear without bias"] = () => Linear(3, 2, hasBias: false);
        all["Linear of Float64"] = () => Linear(3, 2, dtype: ScalarType.Float64);
        all["LSTM of two layers, both directions"] = () => LSTM(3, 4, 2, bidirectional: true);
    }

    private static void Initialisers(Dictionary<string, Action> all)
    {
        Dictionary<string, Func<Tensor, Tensor>> functions = new()
        {
            ["uniform_"] = x => init.uniform_(x, -1, 1),
            ["normal_"] = x => init.normal_(x),
            ["xavier_uniform_"] = x => init.xavier_uniform_(x),
            ["kaiming_uniform_"] = x => init.kaiming_uniform_(x),
            ["kaiming_normal_"] = x => init.kaiming_normal_(x),
            ["orthogonal_"] = x => init.orthogonal_(x),
            ["sparse_"] = x => init.sparse_(x, 0.5),
            ["trunc_normal_"] = x => init.trunc_normal_(x),
            ["eye_"] = x => init.eye_(x),
        };
        foreach (var (name, fill) in functions)
            all["init." + name] = () => fill(empty(5, 4));
    }

    private static void Functions(Dictionary<string, Action> all)
    {
        Dictionary<string, Func<Tensor, Tensor>> functions = new()
        {
            ["bernoulli"] = p => bernoulli(p),
            ["bernoulli_ of a tensor"] = p => empty_like(p).bernoulli_(p),
            ["bernoulli_ of a number"] = p => p.clone().bernoulli_(0.3),
            ["binomial"] = p => binomial(full_like(p, 9), p),
            ["poisson"] = p => poisson(p * 20),
            ["multinomial"] = p => multinomial(p, 3),
            ["multinomial with replacement"] = p => multinomial(p, 9, replacement: true),
            ["normal of tensors"] = p => normal(p, p),
            ["geometric_"] = p => p.clone().geometric_(0.3),
            ["cauchy_"] = p => p.clone().cauchy_(),
            ["exponential_"] = p => p.clone().exponential_(),
            ["log_normal_"] = p => p.clone().log_normal_(),
            ["random_"] = p => p.clone().random_(0, 9),
            ["random_ of long"] = _ => zeros(3, ScalarType.Int64).random_(0, 9),
            ["randint of a large range"] = _ => randint(0, 1L << 40, 3),
            ["randint_like"] = p => randint_like(p, 0, 9),
            ["rand_like"] = p => rand_like(p),
            ["randn_like"] = p => randn_like(p),
            ["randperm"] = _ => randperm(9),
            ["randn of 3"] = _ => randn(3),
            ["randn of 40"] = _ => randn(40),
            ["randn of Float64"] = _ => randn(3, ScalarType.Float64),
            ["dropout"] = p => F.dropout(p, 0.4, training: true),
            ["dropout of all"] = p => F.dropout(p, 1, training: true),
            ["dropout of nothing"] = p => F.dropout(p, 0, training: true),
            ["dropout, evaluating"] = p => F.dropout(p, 0.4, training: false),
            ["dropout2d"] = p => F.dropout2d(p.reshape(1, 3, 2, 4), 0.4, training: true),
            ["alpha_dropout"] = p => F.alpha_dropout(p, 0.4, training: true),
            ["feature_alpha_dropout"] = p => F.feature_alpha_dropout(p.reshape(1, 3, 2, 4), 0.4, training: true),
            ["rrelu"] = p => F.rrelu(p - 0.5, 0.1, 0.3),
            ["scaled_dot_product_attention"] = p => F.scaled_dot_product_attention(p.reshape(1, 6, 4), p.reshape(1, 6, 4), p.reshape(1, 6, 4), p: 0.3),
            ["Normal.sample"] = p => distributions.Normal(p, p).sample(2),
            ["Categorical.sample"] = p => distributions.Categorical(p.reshape(6, 4)).sample(5),
            ["Gamma.sample"] = p => distributions.Gamma(p, p).sample(2),
            ["Beta.sample"] = p => distributions.Beta(p, p).sample(2),
            ["Dirichlet.sample"] = p => distributions.Dirichlet(p.reshape(6, 4)).sample(2),
            ["Laplace.sample"] = p => distributions.Laplace(p, p).sample(2),
            ["Gumbel.sample"] = p => distributions.Gumbel(p, p).sample(2),
            ["Multinomial.sample"] = p => distributions.Multinomial(7, p.reshape(6, 4)).sample(2),
        };
        foreach (var (name, draw) in functions)
            all[name] = () =>
            {
                var p = arange(1, 25).to_type(ScalarType.Float32) / 25;
                using (no_grad())
                    draw(p);
            };
    }
}
