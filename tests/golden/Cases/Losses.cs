using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Losses of torch.nn.functional, for every reduction.</summary>
internal static class Losses
{
    internal static void Add(CaseWriter g)
    {
        foreach (var type in Elementwise.Both)
            foreach (string reduction in new[] { "none", "mean", "sum" })
            {
                Distances(g, type, reduction);
                Classes(g, type, reduction);
            }
    }

    private static void Distances(CaseWriter g, ScalarType type, string reduction)
    {
        Tensor X(params long[] shape) => g.Draws.Real(shape, type);
        Tensor Signs(params long[] shape) => X(shape).sign();
        Tensor Drawn(Domain domain, params long[] shape) => g.Draws.Real(shape, type, domain);
        g.Add("F.mse_loss", [X(3, 4), X(3, 4)], new { reduction });
        g.Add("F.l1_loss", [X(3, 4), X(3, 4)], new { reduction });
        g.Add("F.soft_margin_loss", [X(3, 4), Signs(3, 4)], new { reduction }, constants: [1]);
        foreach (double beta in new[] { 1, 0.3 })
        {
            g.Add("F.smooth_l1_loss", [X(3, 4), X(3, 4)], new { reduction, beta });
            g.Add("F.huber_loss", [X(3, 4), X(3, 4)], new { reduction, delta = beta });
        }
        foreach (bool log in new[] { true, false })
        {
            var target = log ? X(3, 4).log_softmax(1) : X(3, 4).softmax(1);
            g.Add("F.kl_div", [X(3, 4).log_softmax(1), target], new { reduction, log_target = log });
            foreach (bool full in new[] { false, true })
                g.Add("F.poisson_nll_loss", [Drawn(Domain.Positive, 3, 4), g.Draws.Integers(5, [3, 4]).to_type(type)], new { reduction, log_input = log, full }, constants: [1]);
        }
        g.Add("F.gaussian_nll_loss", [X(3, 4), X(3, 4), Drawn(Domain.Positive, 3, 4)], new { reduction, full = true });
        g.Add("F.hinge_embedding_loss", [X(6), Signs(6)], new { reduction, margin = 0.7 }, constants: [1]);
        g.Add("F.margin_ranking_loss", [X(5), X(5), Signs(5)], new { reduction, margin = 0.2 }, constants: [2]);
        g.Add("F.cosine_embedding_loss", [X(4, 3), X(4, 3), Signs(4)], new { reduction, margin = 0.1 }, constants: [2]);
        foreach (bool swap in new[] { false, true })
            g.Add("F.triplet_margin_loss", [X(4, 3), X(4, 3), X(4, 3)], new { reduction, swap });
        g.Add("F.binary_cross_entropy", [Drawn(Domain.Probability, 3, 4), Drawn(Domain.Probability, 3, 4)], new { reduction }, constants: [1]);
        g.Add("F.binary_cross_entropy_with_logits", [X(3, 4) * 4, Drawn(Domain.Probability, 3, 4)], new { reduction });
        g.Add("F.binary_cross_entropy_with_logits", [X(3, 4) * 4, Drawn(Domain.Probability, 3, 4), Drawn(Domain.Positive, 4), Drawn(Domain.Positive, 4)], new { reduction }, constants: [2, 3]);
    }

    private static void Classes(CaseWriter g, ScalarType type, string reduction)
    {
        Tensor X(params long[] shape) => g.Draws.Real(shape, type);
        Tensor Integers(long high, params long[] shape) => g.Draws.Integers(high, shape);
        Tensor Weights() => g.Draws.Real([3], type, Domain.Positive);
        g.Add("F.multilabel_soft_margin_loss", [X(3, 4), Integers(2, 3, 4).to_type(type)], new { reduction }, constants: [1]);
        foreach (int p in new[] { 1, 2 })
            g.Add("F.multi_margin_loss", [X(3, 4), Integers(4, 3)], new { reduction, p, margin = 0.8 });
        g.Add("F.multi_label_margin_loss", [X(2, 4), tensor(new long[] { 3, 0, -1, 1, 1, -1, 2, 2 }, [2, 4])], new { reduction });
        foreach (double smoothing in new[] { 0, 0.1 })
        {
            var arguments = new { reduction, smoothing };
            g.Add("F.cross_entropy", [X(5, 3), Integers(3, 5)], arguments);
            g.Add("F.cross_entropy", [X(5, 3), tensor(new long[] { 0, 2, -100, 1, -100 })], arguments);
            g.Add("F.cross_entropy", [X(5, 3), Integers(3, 5), Weights()], arguments, constants: [2]);
            g.Add("F.cross_entropy", [X(2, 3, 4), Integers(3, 2, 4)], arguments);
            g.Add("F.cross_entropy", [X(5, 3), X(5, 3).softmax(1)], arguments, constants: [1]);
        }
        g.Add("F.nll_loss", [X(5, 3).log_softmax(1), Integers(3, 5)], new { reduction });
        g.Add("F.nll_loss", [X(5, 3).log_softmax(1), Integers(3, 5), Weights()], new { reduction }, constants: [2]);
    }
}
