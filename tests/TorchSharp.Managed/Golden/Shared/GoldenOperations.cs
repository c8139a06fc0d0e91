using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>
/// How the operations of the golden suite are called whose cases name their arguments; the others are called by their name
/// (<see cref="GoldenCall"/>). Names with "F." are functions of nn.functional.
/// </summary>
internal static partial class GoldenOperations
{
    internal delegate Tensor[] Operation(Tensor[] x, Arguments a);

    internal static readonly Dictionary<string, Operation> Table = [];

    static GoldenOperations()
    {
        Binary();
        Reductions();
        Shapes();
        Matrices();
        Random();
        Distributions();
        Functions();
        Convolutions();
        Losses();
    }

    private static void Add(string name, Func<Tensor[], Arguments, Tensor> operation) => Table.Add(name, (x, a) => [operation(x, a)]);

    private static void AddMany(string name, Operation operation) => Table.Add(name, operation);

    private static void One(string name, Func<Tensor, Tensor> operation) => Add(name, (x, _) => operation(x[0]));

    private static void Two(string name, Func<Tensor, Tensor, Tensor> operation) => Add(name, (x, _) => operation(x[0], x[1]));

    private static void Binary()
    {
        Add("lerp", (x, _) => x[0].lerp(x[1], x[2]));
        Add("pow_scalar", (x, a) => x[0].pow(a.Double("value")));
        Add("addcmul", (x, a) => x[0].addcmul(x[1], x[2], a.Double("value")));
        Add("addcdiv", (x, a) => x[0].addcdiv(x[1], x[2], a.Double("value")));
        Add("clamp", (x, a) => a.Has("min") && a.Has("max") ? x[0].clamp(a.Double("min"), a.Double("max")) : a.Has("min") ? x[0].clamp_min(a.Double("min")) : x[0].clamp_max(a.Double("max")));
        Add("add_scalar", (x, a) => x[0].add(a.Double("value")));
        Add("sub_scalar", (x, a) => x[0].sub(a.Double("value")));
        Add("mul_scalar", (x, a) => x[0].mul(a.Double("value")));
        Add("div_scalar", (x, a) => x[0].div(a.Double("value")));
        Add("where", (x, _) => where(x[0], x[1], x[2]));
    }

    private static void Reductions()
    {
        Add("sum_dim", (x, a) => x[0].sum(a.Long("dim"), a.Flag("keepdim")));
        Add("mean_dim", (x, a) => x[0].mean([a.Long("dim")], a.Flag("keepdim")));
        Add("prod_dim", (x, a) => x[0].prod(a.Long("dim"), a.Flag("keepdim")));
        Add("logsumexp_dim", (x, a) => x[0].logsumexp(a.Long("dim"), a.Flag("keepdim")));
        Add("amax_dim", (x, a) => x[0].amax([a.Long("dim")], a.Flag("keepdim")));
        Add("amin_dim", (x, a) => x[0].amin([a.Long("dim")], a.Flag("keepdim")));
        Add("var_dim", (x, a) => x[0].var(a.Long("dim"), a.Flag("unbiased"), a.Flag("keepdim")));
        Add("std_dim", (x, a) => x[0].std(a.Long("dim"), a.Flag("unbiased"), a.Flag("keepdim")));
        AddMany("max_dim", (x, a) => x[0].max(a.Long("dim"), a.Flag("keepdim")) is var (values, indices) ? [values, indices] : []);
        AddMany("min_dim", (x, a) => x[0].min(a.Long("dim"), a.Flag("keepdim")) is var (values, indices) ? [values, indices] : []);
        Add("sum_dims", (x, a) => x[0].sum(a.Longs("dims")));
        Add("mean_dims", (x, a) => x[0].mean(a.Longs("dims")));
        Add("cumsum", (x, a) => x[0].cumsum(a.Long("dim")));
        Add("cumprod", (x, a) => x[0].cumprod(a.Long("dim")));
        Add("softmax", (x, a) => x[0].softmax(a.Long("dim")));
        Add("log_softmax", (x, a) => x[0].log_softmax(a.Long("dim")));
        Add("logcumsumexp", (x, a) => x[0].logcumsumexp(a.Long("dim")));
        AddMany("sort", (x, a) => x[0].sort(a.Long("dim"), a.Flag("descending")) is var (values, indices) ? [values, indices] : []);
        AddMany("topk", (x, a) => x[0].topk((int)a.Long("k"), (int)a.Long("dim")) is var (values, indices) ? [values, indices] : []);
        AddMany("kthvalue", (x, a) => x[0].kthvalue(a.Long("k"), a.Long("dim")) is var (values, indices) ? [values, indices] : []);
        Add("vector_norm", (x, a) => linalg.vector_norm(x[0], a.Double("p"), [a.Long("dim")]));
        Add("diff", (x, a) => x[0].diff(1, a.Long("dim")));
        Add("argmax", (x, a) => x[0].argmax(a.Long("dim")));
        Add("argmin", (x, a) => x[0].argmin(a.Long("dim")));
        Add("argsort", (x, a) => x[0].argsort(a.Long("dim")));
        Add("all", (x, a) => x[0].all(a.Long("dim")));
        Add("any", (x, a) => x[0].any(a.Long("dim")));
        Add("histc", (x, a) => histc(x[0], a.Long("bins"), a.Long("min"), a.Long("max")));
        Add("nan_to_num", (x, a) => x[0].nan_to_num(a.Double("nan"), a.Double("posinf"), a.Double("neginf")));
    }

    private static void Shapes()
    {
        Add("reshape", (x, a) => x[0].reshape(a.Longs("shape")));
        Add("view", (x, a) => x[0].view(a.Longs("shape")));
        Add("flatten", (x, a) => x[0].flatten(a.Long("start"), a.Long("end")));
        Add("unflatten", (x, a) => x[0].unflatten(a.Long("dim"), a.Longs("shape")));
        Add("permute", (x, a) => x[0].permute(a.Longs("dims")));
        Add("transpose", (x, a) => x[0].transpose(a.Long("a"), a.Long("b")));
        Add("squeeze", (x, a) => x[0].squeeze(a.Long("dim")));
        Add("unsqueeze", (x, a) => x[0].unsqueeze(a.Long("dim")));
        Add("expand", (x, a) => x[0].expand(a.Longs("shape")));
        Add("repeat", (x, a) => x[0].repeat(a.Longs("shape")));
        Add("tile", (x, a) => x[0].tile(a.Longs("shape")));
        Add("repeat_interleave", (x, a) => x[0].repeat_interleave(a.Long("repeats"), a.Long("dim")));
        Add("flip", (x, a) => x[0].flip(a.Longs("dims")));
        Add("roll", (x, a) => x[0].roll(a.Long("shift"), a.Long("dim")));
        Add("tril", (x, a) => x[0].tril(a.Long("k")));
        Add("triu", (x, a) => x[0].triu(a.Long("k")));
        Add("narrow", (x, a) => x[0].narrow(a.Long("dim"), a.Long("start"), a.Long("length")));
        Add("select", (x, a) => x[0].select(a.Long("dim"), a.Long("index")));
        Add("cat", (x, a) => cat(x, a.Long("dim")));
        Add("stack", (x, a) => stack(x, a.Long("dim")));
        Add("hstack", (x, _) => hstack(x));
        Add("vstack", (x, _) => vstack(x));
        AddMany("split", (x, a) => x[0].split(a.Longs("sizes")));
        AddMany("chunk", (x, a) => x[0].chunk(a.Long("chunks")));
        AddMany("unbind", (x, _) => x[0].unbind());
        Add("gather", (x, a) => x[0].gather(a.Long("dim"), x[1]));
        Add("scatter", (x, a) => x[0].scatter(a.Long("dim"), x[1], x[2]));
        Add("scatter_add", (x, a) => x[0].scatter_add(a.Long("dim"), x[1], x[2]));
        Add("index_select", (x, a) => x[0].index_select(a.Long("dim"), x[1]));
        Add("index_add", (x, a) => x[0].index_add(a.Long("dim"), x[1], x[2], 1));
        Add("index", (x, _) => x[0][x[1]]);
        Add("take_along_dim", (x, a) => x[0].take_along_dim(x[1], a.Long("dim")));
        Add("masked_fill", (x, a) => x[0].masked_fill(x[1], a.Double("value")));
        Add("unfold_dim", (x, a) => x[0].unfold(a.Long("dim"), a.Long("size"), a.Long("step")));
        Add("movedim", (x, a) => x[0].movedim([a.Long("a")], [a.Long("b")]));
        Add("pad", (x, a) => nn.functional.pad(x[0], a.Longs("pad"), Mode(a.Text("mode")), a.Double("value")));
    }

    internal static PaddingModes Mode(string name) => name switch
    {
        "reflect" => PaddingModes.Reflect,
        "replicate" => PaddingModes.Replicate,
        "circular" => PaddingModes.Circular,
        _ => PaddingModes.Constant,
    };

    /// <summary>Functions that draw random numbers, from a stream of their own.</summary>
    private static void Random()
    {
        static Tensor Seeded(Func<Tensor> draw)
        {
            manual_seed(7);
            return draw();
        }
        Add("poisson", (x, _) => Seeded(() => poisson(x[0])));
        Add("binomial", (x, _) => Seeded(() => binomial(x[0], x[1])));
    }

    private static void Distributions()
    {
        static void Add(string name, Func<Tensor[], distributions.Distribution> make, bool moments = true, bool pathwise = true) => AddMany("distribution_" + name, (x, a) =>
        {
            var one = make(x);
            Tensor[] results = [one.log_prob(x[^1])];
            if (a.Flag("entropy"))
                results = [.. results, one.entropy()];
            if (moments)
                results = [.. results, one.mean, one.variance, one.stddev];
            if (a.Flag("inverse"))
                results = [.. results, one.cdf(x[^1]), one.icdf(full_like(x[0].detach(), 0.3))];
            return a.Flag("sample") ? [.. results, Sample(one, pathwise)] : results;
        });
        static Tensor Sample(distributions.Distribution one, bool pathwise = true)
        {
            manual_seed(7);
            if (pathwise)
                return one.rsample(20);
            using (no_grad())
                return one.sample(20);
        }
        static void AddSampledApart(string name, Func<Tensor[], distributions.Distribution> make)
        {
            Add(name, make);
            GoldenOperations.Add("sample_" + name, (x, _) => Sample(make(x)));
        }
        Add("Normal", x => distributions.Normal(x[0], x[1]));
        Add("Uniform", x => distributions.Uniform(x[0], x[1]));
        Add("Exponential", x => distributions.Exponential(x[0]));
        Add("Bernoulli", x => distributions.Bernoulli(x[0]), pathwise: false);
        Add("Bernoulli_logits", x => distributions.Bernoulli(logits: x[0]), pathwise: false);
        Add("Categorical", x => distributions.Categorical(x[0]), moments: false, pathwise: false);
        Add("Categorical_logits", x => distributions.Categorical(logits: x[0]), moments: false, pathwise: false);
        Add("MultivariateNormal", x => distributions.MultivariateNormal(x[0], (x[1] + x[1].t()) / 2));
        Add("Laplace", x => distributions.Laplace(x[0], x[1]));
        Add("Cauchy", x => distributions.Cauchy(x[0], x[1]), moments: false);
        Add("Gumbel", x => distributions.Gumbel(x[0], x[1]));
        Add("LogNormal", x => distributions.LogNormal(x[0], x[1]));
        Add("HalfNormal", x => distributions.HalfNormal(x[0]));
        Add("Poisson", x => distributions.Poisson(x[0]), pathwise: false);
        Add("Geometric", x => distributions.Geometric(x[0]), pathwise: false);
        Add("Geometric_logits", x => distributions.Geometric(logits: x[0]), pathwise: false);
        Add("Binomial", x => distributions.Binomial(tensor(6.0), x[0]), pathwise: false);
        Add("Binomial_logits", x => distributions.Binomial(tensor(6.0), logits: x[0]), pathwise: false);
        Add("Multinomial", x => distributions.Multinomial(6, x[0]), pathwise: false);
        Add("Multinomial_logits", x => distributions.Multinomial(6, logits: x[0]), pathwise: false);
        Add("OneHotCategorical", x => distributions.OneHotCategorical(x[0]), pathwise: false);
        AddSampledApart("Gamma", x => distributions.Gamma(x[0], x[1]));
        AddSampledApart("Chi2", x => distributions.Chi2(x[0]));
        AddSampledApart("Beta", x => distributions.Beta(x[0], x[1]));
        AddSampledApart("Dirichlet", x => distributions.Dirichlet(x[0]));
        Add("Independent", x => distributions.Independent(distributions.Normal(x[0], x[1]), 1));
    }

    private static void Matrices()
    {
        Add("addmm", (x, a) => x[0].addmm(x[1], x[2], (float)a.Double("beta"), (float)a.Double("alpha")));
        Add("einsum", (x, a) => einsum(a.Text("equation"), x));
        AddMany("slogdet", (x, _) => linalg.slogdet(x[0]) is var (sign, log) ? [sign, log] : []);
        Add("cholesky", (x, _) => linalg.cholesky(Symmetric(x[0])));
        Add("eigvalsh", (x, _) => linalg.eigvalsh(Symmetric(x[0])));
        AddMany("qr", (x, _) => linalg.qr(x[0]) is var (q, r) ? [q.matmul(r), q.t().matmul(q)] : []);
        AddMany("svd", (x, _) => linalg.svd(x[0], false) is var (u, s, v) ? [(u * s).matmul(v), s] : []);
        Add("lstsq", (x, _) => linalg.lstsq(x[0], x[1]).Solution);
        AddMany("eigh", (x, _) => linalg.eigh(Symmetric(x[0])) is var (values, vectors) ? [(vectors * values).matmul(vectors.t()), values] : []);
        One("cond", x => linalg.cond(x));
    }

    private static Tensor Symmetric(Tensor x) => (x + x.t()) / 2;
}
