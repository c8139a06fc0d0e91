using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Golden;

internal static partial class GoldenOperations
{
    private static void Functions()
    {
        Add("F.leaky_relu", (x, a) => F.leaky_relu(x[0], a.Double("negative_slope")));
        Add("F.elu", (x, a) => F.elu(x[0], a.Double("alpha")));
        Add("F.celu", (x, a) => F.celu(x[0], a.Double("alpha")));
        Add("F.softplus", (x, a) => F.softplus(x[0], a.Double("beta"), a.Double("threshold")));
        Add("F.softshrink", (x, a) => F.softshrink(x[0], a.Double("lambd")));
        Add("F.hardshrink", (x, a) => F.hardshrink(x[0], a.Double("lambd")));
        Add("F.hardtanh", (x, a) => F.hardtanh(x[0], a.Double("min_val"), a.Double("max_val")));
        Add("F.threshold", (x, a) => F.threshold(x[0], a.Double("threshold"), a.Double("value")));
        Add("F.glu", (x, a) => F.glu(x[0], a.Long("dim")));
        Add("F.softmin", (x, a) => F.softmin(x[0], a.Long("dim")));
        Add("F.linear", (x, _) => F.linear(x[0], x[1], Optional(x, 2)!));
        Add("F.bilinear", (x, _) => F.bilinear(x[0], x[1], x[2], x[3]));
        Add("F.interpolate", (x, a) => F.interpolate(x[0], a.Longs("size"), mode: Enum.Parse<InterpolationMode>(a.Text("mode"), ignoreCase: true)));
        Add("F.pixel_shuffle", (x, a) => F.pixel_shuffle(x[0], a.Long("factor")));
        Add("F.pixel_unshuffle", (x, a) => F.pixel_unshuffle(x[0], a.Long("factor")));
        Add("F.layer_norm", (x, a) => F.layer_norm(x[0], a.Longs("shape"), Optional(x, 1)!, Optional(x, 2)!));
        Add("F.group_norm", (x, a) => F.group_norm(x[0], a.Long("groups"), x[1], x[2]));
        Add("F.local_response_norm", (x, a) => F.local_response_norm(x[0], a.Long("size")));
        Add("F.batch_norm", (x, a) => F.batch_norm(x[0], x[1].detach().clone(), x[2].detach().clone(), x[3], x[4], a.Flag("training")));
        Add("F.instance_norm", (x, _) => F.instance_norm(x[0], weight: x[1], bias: x[2]));
        Add("F.scaled_dot_product_attention", (x, _) => F.scaled_dot_product_attention(x[0], x[1], x[2]));
        Add("F.ctc_loss", (x, a) => F.ctc_loss(x[0].log_softmax(2), x[1], x[2], x[3], zero_infinity: a.Flag("zero_infinity"), reduction: a.Reduction));
        Add("F.one_hot", (x, a) => F.one_hot(x[0], a.Long("classes")));
    }

    private static Tensor? Optional(Tensor[] x, int i) => x.Length > i ? x[i] : null;

    private static long[] Pair(Arguments a, string name) => [a.Long(name), a.Long(name)];

    private static void Convolutions()
    {
        Add("F.conv1d", (x, a) => F.conv1d(x[0], x[1], Optional(x, 2)!, a.Long("stride"), a.Long("padding"), a.Long("dilation"), a.Long("groups")));
        Add("F.conv2d", (x, a) => F.conv2d(x[0], x[1], Optional(x, 2)!, Pair(a, "stride"), Pair(a, "padding"), Pair(a, "dilation"), a.Long("groups", 1)));
        Add("F.conv_transpose1d", (x, a) => F.conv_transpose1d(x[0], x[1], x[2], a.Long("stride"), a.Long("padding"), a.Long("output_padding"), a.Long("dilation"), a.Long("groups")));
        Add("F.conv_transpose2d", (x, a) => F.conv_transpose2d(x[0], x[1], x[2], Pair(a, "stride"), Pair(a, "padding"), Pair(a, "output_padding"), Pair(a, "dilation"), a.Long("groups")));
        Add("F.max_pool1d", (x, a) => F.max_pool1d(x[0], a.Long("kernel"), a.Long("stride"), a.Long("padding"), a.Long("dilation"), a.Flag("ceil")));
        Add("F.max_pool2d", (x, a) => F.max_pool2d(x[0], Pair(a, "kernel"), Pair(a, "stride"), Pair(a, "padding"), Pair(a, "dilation"), a.Flag("ceil")));
        AddMany("F.max_pool2d_with_indices", (x, a) => F.max_pool2d_with_indices(x[0], Pair(a, "kernel"), Pair(a, "stride"), Pair(a, "padding"), Pair(a, "dilation"), a.Flag("ceil")) is var (values, indices) ? [values, indices] : []);
        Add("F.avg_pool1d", (x, a) => F.avg_pool1d(x[0], a.Long("kernel"), a.Long("stride"), a.Long("padding"), a.Flag("ceil"), a.Flag("include")));
        Add("F.avg_pool2d", (x, a) => F.avg_pool2d(x[0], Pair(a, "kernel"), Pair(a, "stride"), Pair(a, "padding"), a.Flag("ceil"), a.Flag("include")));
        Add("F.adaptive_avg_pool1d", (x, a) => F.adaptive_avg_pool1d(x[0], a.Long("size")));
        Add("F.adaptive_avg_pool2d", (x, a) => F.adaptive_avg_pool2d(x[0], Pair(a, "size")));
        Add("F.adaptive_max_pool1d", (x, a) => F.adaptive_max_pool1d(x[0], a.Long("size")));
        Add("F.adaptive_max_pool2d", (x, a) => F.adaptive_max_pool2d(x[0], Pair(a, "size")));
        Add("F.lp_pool1d", (x, a) => F.lp_pool1d(x[0], a.Double("p"), a.Long("kernel")));
        Add("F.lp_pool2d", (x, a) => F.lp_pool2d(x[0], a.Double("p"), a.Long("kernel")));
    }

    private static void Losses()
    {
        Add("F.mse_loss", (x, a) => F.mse_loss(x[0], x[1], a.Reduction));
        Add("F.l1_loss", (x, a) => F.l1_loss(x[0], x[1], a.Reduction));
        Add("F.soft_margin_loss", (x, a) => F.soft_margin_loss(x[0], x[1], a.Reduction));
        Add("F.smooth_l1_loss", (x, a) => F.smooth_l1_loss(x[0], x[1], a.Reduction, a.Double("beta")));
        Add("F.huber_loss", (x, a) => F.huber_loss(x[0], x[1], a.Double("delta"), a.Reduction));
        Add("F.kl_div", (x, a) => F.kl_div(x[0], x[1], a.Flag("log_target"), a.Reduction));
        Add("F.poisson_nll_loss", (x, a) => F.poisson_nll_loss(x[0], x[1], a.Flag("log_input"), a.Flag("full"), reduction: a.Reduction));
        Add("F.gaussian_nll_loss", (x, a) => F.gaussian_nll_loss(x[0], x[1], x[2], a.Flag("full"), reduction: a.Reduction));
        Add("F.hinge_embedding_loss", (x, a) => F.hinge_embedding_loss(x[0], x[1], a.Double("margin"), a.Reduction));
        Add("F.margin_ranking_loss", (x, a) => F.margin_ranking_loss(x[0], x[1], x[2], a.Double("margin"), a.Reduction));
        Add("F.cosine_embedding_loss", (x, a) => F.cosine_embedding_loss(x[0], x[1], x[2], a.Double("margin"), a.Reduction));
        Add("F.triplet_margin_loss", (x, a) => F.triplet_margin_loss(x[0], x[1], x[2], swap: a.Flag("swap"), reduction: a.Reduction));
        Add("F.binary_cross_entropy", (x, a) => F.binary_cross_entropy(x[0], x[1], reduction: a.Reduction));
        Add("F.binary_cross_entropy_with_logits", (x, a) => F.binary_cross_entropy_with_logits(x[0], x[1], Optional(x, 2), a.Reduction, Optional(x, 3)));
        Add("F.multilabel_soft_margin_loss", (x, a) => F.multilabel_soft_margin_loss(x[0], x[1], reduction: a.Reduction));
        Add("F.multi_margin_loss", (x, a) => F.multi_margin_loss(x[0], x[1], (int)a.Long("p"), a.Double("margin"), reduction: a.Reduction));
        Add("F.multi_label_margin_loss", (x, a) => F.multi_label_margin_loss(x[0], x[1], a.Reduction));
        Add("F.cross_entropy", (x, a) => F.cross_entropy(x[0], x[1], Optional(x, 2), reduction: a.Reduction, label_smoothing: a.Double("smoothing")));
        Add("F.nll_loss", (x, a) => F.nll_loss(x[0], x[1], Optional(x, 2), a.Reduction));
    }
}
