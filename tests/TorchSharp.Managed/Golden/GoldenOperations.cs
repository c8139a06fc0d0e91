using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>How each operation of the golden suite is called in TorchSharp. Names with "F." are functions of nn.functional.</summary>
static partial class GoldenOperations
{
    internal delegate Tensor[] Operation(Tensor[] x, Arguments a);

    internal static readonly Dictionary<string, Operation> Table = [];

    static GoldenOperations()
    {
        Unary();
        Binary();
        Reductions();
        Shapes();
        Matrices();
        Functions();
        Convolutions();
        Losses();
    }

    static void Add(string name, Func<Tensor[], Arguments, Tensor> operation) => Table.Add(name, (x, a) => [operation(x, a)]);

    static void AddMany(string name, Operation operation) => Table.Add(name, operation);

    static void One(string name, Func<Tensor, Tensor> operation) => Add(name, (x, a) => operation(a.Flag("transposed") ? x[0].t() : x[0]));

    static void Two(string name, Func<Tensor, Tensor, Tensor> operation) => Add(name, (x, _) => operation(x[0], x[1]));

    static void Unary()
    {
        One("abs", x => x.abs());
        One("neg", x => -x);
        One("sqrt", x => x.sqrt());
        One("rsqrt", x => x.rsqrt());
        One("exp", x => x.exp());
        One("exp2", x => x.exp2());
        One("expm1", x => x.expm1());
        One("log", x => x.log());
        One("log2", x => x.log2());
        One("log10", x => x.log10());
        One("log1p", x => x.log1p());
        One("sin", x => x.sin());
        One("cos", x => x.cos());
        One("tan", x => x.tan());
        One("asin", x => x.asin());
        One("acos", x => x.acos());
        One("atan", x => x.atan());
        One("sinh", x => x.sinh());
        One("cosh", x => x.cosh());
        One("tanh", x => x.tanh());
        One("asinh", x => x.asinh());
        One("acosh", x => x.acosh());
        One("atanh", x => x.atanh());
        One("sigmoid", x => x.sigmoid());
        One("erf", x => x.erf());
        One("erfc", x => x.erfc());
        One("erfinv", x => x.erfinv());
        One("lgamma", x => x.lgamma());
        One("digamma", x => x.digamma());
        One("square", x => x.square());
        One("reciprocal", x => x.reciprocal());
        One("floor", x => x.floor());
        One("ceil", x => x.ceil());
        One("round", x => x.round());
        One("trunc", x => x.trunc());
        One("frac", x => x.frac());
        One("sign", x => x.sign());
        One("relu", x => x.relu());
        One("sinc", x => x.sinc());
        One("positive", x => x.positive());
        One("logit", x => x.logit());
        One("deg2rad", x => x.deg2rad());
        One("rad2deg", x => x.rad2deg());
    }

    static void Binary()
    {
        Two("add", (x, y) => x + y);
        Two("sub", (x, y) => x - y);
        Two("mul", (x, y) => x * y);
        Two("div", (x, y) => x / y);
        Two("maximum", (x, y) => x.maximum(y));
        Two("minimum", (x, y) => x.minimum(y));
        Two("fmax", (x, y) => x.fmax(y));
        Two("fmin", (x, y) => x.fmin(y));
        Two("atan2", (x, y) => x.atan2(y));
        Two("hypot", hypot);
        Two("copysign", (x, y) => x.copysign(y));
        Two("xlogy", (x, y) => x.xlogy(y));
        Two("logaddexp", (x, y) => x.logaddexp(y));
        Two("pow", (x, y) => x.pow(y));
        Two("fmod", (x, y) => x.fmod(y));
        Two("remainder", (x, y) => x.remainder(y));
        Two("floor_divide", (x, y) => x.floor_divide(y));
        Add("lerp", (x, _) => x[0].lerp(x[1], x[2]));
        Two("eq", (x, y) => x.eq(y));
        Two("ne", (x, y) => x.ne(y));
        Two("lt", (x, y) => x.lt(y));
        Two("le", (x, y) => x.le(y));
        Two("gt", (x, y) => x.gt(y));
        Two("ge", (x, y) => x.ge(y));
        Add("pow_scalar", (x, a) => x[0].pow(a.Double("value")));
        Add("addcmul", (x, a) => x[0].addcmul(x[1], x[2], a.Double("value")));
        Add("addcdiv", (x, a) => x[0].addcdiv(x[1], x[2], a.Double("value")));
        Add("clamp", (x, a) => a.Has("min") && a.Has("max") ? x[0].clamp(a.Double("min"), a.Double("max")) : a.Has("min") ? x[0].clamp_min(a.Double("min")) : x[0].clamp_max(a.Double("max")));
        Add("add_scalar", (x, a) => x[0].add(a.Double("value")));
        Add("sub_scalar", (x, a) => x[0].sub(a.Double("value")));
        Add("mul_scalar", (x, a) => x[0].mul(a.Double("value")));
        Add("div_scalar", (x, a) => x[0].div(a.Double("value")));
        Two("logical_and", (x, y) => x.logical_and(y));
        Two("logical_or", (x, y) => x.logical_or(y));
        Two("logical_xor", (x, y) => x.logical_xor(y));
        Two("bitwise_and", (x, y) => x.bitwise_and(y));
        Two("bitwise_or", (x, y) => x.bitwise_or(y));
        Two("bitwise_xor", (x, y) => x.bitwise_xor(y));
        Add("where", (x, _) => where(x[0], x[1], x[2]));
    }

    static void Reductions()
    {
        One("sum", x => x.sum());
        One("mean", x => x.mean());
        One("prod", x => x.prod());
        One("max", x => x.max());
        One("min", x => x.min());
        One("var", x => x.var());
        One("std", x => x.std());
        One("norm", x => x.norm());
        One("median", x => x.median());
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
        Two("cdist", (x, y) => cdist(x, y));
        Add("argmax", (x, a) => x[0].argmax(a.Long("dim")));
        Add("argmin", (x, a) => x[0].argmin(a.Long("dim")));
        Add("argsort", (x, a) => x[0].argsort(a.Long("dim")));
        Add("all", (x, a) => x[0].all(a.Long("dim")));
        Add("any", (x, a) => x[0].any(a.Long("dim")));
        One("bincount", x => bincount(x));
        Add("histc", (x, a) => histc(x[0], a.Long("bins"), a.Long("min"), a.Long("max")));
        One("isnan", x => x.isnan());
        One("isinf", x => x.isinf());
        One("isfinite", x => x.isfinite());
        Add("nan_to_num", (x, a) => x[0].nan_to_num(a.Double("nan"), a.Double("posinf"), a.Double("neginf")));
        One("nansum", x => x.nansum());
    }

    static void Shapes()
    {
        Add("reshape", (x, a) => x[0].reshape(a.Longs("shape")));
        Add("view", (x, a) => x[0].view(a.Longs("shape")));
        Add("flatten", (x, a) => x[0].flatten(a.Long("start"), a.Long("end")));
        Add("unflatten", (x, a) => x[0].unflatten(a.Long("dim"), a.Longs("shape")));
        Add("permute", (x, a) => x[0].permute(a.Longs("dims")));
        Add("transpose", (x, a) => x[0].transpose(a.Long("a"), a.Long("b")));
        One("t", x => x.t());
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
        One("diag", x => x.diag());
        One("diagonal", x => x.diagonal());
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
        Two("masked_select", (x, mask) => x.masked_select(mask));
        One("clone", x => x.clone());
        One("contiguous", x => x.contiguous());
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

    static void Matrices()
    {
        Two("matmul", (x, y) => x.matmul(y));
        Add("mm", (x, a) => (a.Flag("transposed") ? x[0].t() : x[0]).mm(x[1]));
        Two("bmm", (x, y) => x.bmm(y));
        Two("mv", (x, y) => x.mv(y));
        Two("dot", (x, y) => x.dot(y));
        Two("outer", (x, y) => x.outer(y));
        Add("addmm", (x, a) => x[0].addmm(x[1], x[2], (float)a.Double("beta"), (float)a.Double("alpha")));
        Add("einsum", (x, a) => einsum(a.Text("equation"), x));
        One("inv", linalg.inv);
        One("det", linalg.det);
        AddMany("slogdet", (x, _) => linalg.slogdet(x[0]) is var (sign, log) ? [sign, log] : []);
        Two("solve", (x, y) => linalg.solve(x, y));
        Add("cholesky", (x, _) => linalg.cholesky(Symmetric(x[0])));
        One("svdvals", x => linalg.svdvals(x));
        Add("eigvalsh", (x, _) => linalg.eigvalsh(Symmetric(x[0])));
        AddMany("qr", (x, _) => linalg.qr(x[0]) is var (q, r) ? [q.matmul(r), q.t().matmul(q)] : []);
        AddMany("svd", (x, _) => linalg.svd(x[0], false) is var (u, s, v) ? [(u * s).matmul(v), s] : []);
        Add("lstsq", (x, _) => linalg.lstsq(x[0], x[1]).Solution);
        One("pinv", x => linalg.pinv(x));
        AddMany("eigh", (x, _) => linalg.eigh(Symmetric(x[0])) is var (values, vectors) ? [(vectors * values).matmul(vectors.t()), values] : []);
        One("cond", x => linalg.cond(x));
        One("matrix_norm", x => linalg.matrix_norm(x));
        One("trace", x => x.trace());
    }

    static Tensor Symmetric(Tensor x) => (x + x.t()) / 2;
}
