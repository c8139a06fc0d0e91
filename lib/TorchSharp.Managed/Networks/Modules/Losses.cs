using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    /// <summary>A module that compares; its reduction says how the elements become one number.</summary>
    public abstract class Loss<T1, T2, TResult> : Module<T1, T2, TResult>
    {
        protected Loss(Reduction reduction = Reduction.Mean) : base(nameof(Loss<,,>)) => this.reduction = reduction;

        public Reduction reduction { get; }
    }

    public abstract class Loss<T1, T2, T3, TResult> : Module<T1, T2, T3, TResult>
    {
        protected Loss(Reduction reduction = Reduction.Mean) : base(nameof(Loss<,,,>)) => this.reduction = reduction;

        public Reduction reduction { get; }
    }

    public abstract class Loss<T1, T2, T3, T4, TResult> : Module<T1, T2, T3, T4, TResult>
    {
        protected Loss(Reduction reduction = Reduction.Mean) : base(nameof(Loss<,,,,>)) => this.reduction = reduction;

        public Reduction reduction { get; }
    }

    /// <summary>A loss with one weight a class (or element).</summary>
    public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
    {
        protected WeightedLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) : base(reduction) => this.weight = weight;

        public Tensor? weight { get; }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            // Losses for regression, pairs and rankings.
            public static MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);

            public static L1Loss L1Loss(Reduction reduction = Reduction.Mean) => new(reduction);

            public static SmoothL1Loss SmoothL1Loss(Reduction reduction = Reduction.Mean, double beta = 1.0) => new(reduction, beta);

            public static HuberLoss HuberLoss(double delta = 1.0, Reduction reduction = Reduction.Mean) => new(delta, reduction);

            public static KLDivLoss KLDivLoss(bool log_target = true, Reduction reduction = Reduction.Mean) => new(log_target, reduction);

            public static PoissonNLLLoss PoissonNLLLoss(bool log_input = true, bool full = false, float eps = 1E-08f, Reduction reduction = Reduction.Mean) => new(log_input, full, eps, reduction);

            public static GaussianNLLLoss GaussianNLLLoss(bool full = false, float eps = 1E-08f, Reduction reduction = Reduction.Mean) => new(full, eps, reduction);

            public static SoftMarginLoss SoftMarginLoss(Reduction reduction = Reduction.Mean) => new(reduction);

            public static HingeEmbeddingLoss HingeEmbeddingLoss(double margin = 1.0, Reduction reduction = Reduction.Mean) => new(margin, reduction);

            public static MarginRankingLoss MarginRankingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) => new(margin, reduction);

            public static CosineEmbeddingLoss CosineEmbeddingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) => new(margin, reduction);

            public static TripletMarginLoss TripletMarginLoss(double margin = 1.0, long p = 2, double eps = 1E-06, bool swap = false, Reduction reduction = Reduction.Mean) => new(margin, p, eps, swap, reduction);

            public static TripletMarginWithDistanceLoss TripletMarginWithDistanceLoss(Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1.0, bool swap = false, Reduction reduction = Reduction.Mean) => new(distance, margin, swap, reduction);

            public static MultiLabelMarginLoss MultiLabelMarginLoss(Reduction reduction = Reduction.Mean) => new(reduction);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>(x − t)².</summary>
    public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
    {
        public MSELoss(Reduction reduction = Reduction.Mean) : base(reduction) { }

        public override Tensor forward(Tensor input, Tensor target) => mse_loss(input, target, reduction);
    }

    /// <summary>|x − t|.</summary>
    public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
    {
        public L1Loss(Reduction reduction = Reduction.Mean) : base(reduction) { }

        public override Tensor forward(Tensor input, Tensor target) => l1_loss(input, target, reduction);
    }

    /// <summary>Quadratic near the target, linear far from it.</summary>
    public sealed class SmoothL1Loss : Loss<Tensor, Tensor, Tensor>
    {
        public SmoothL1Loss(Reduction reduction = Reduction.Mean, double beta = 1.0) : base(reduction) => this.beta = beta;

        public double beta { get; }

        public override Tensor forward(Tensor input, Tensor target) => smooth_l1_loss(input, target, reduction, beta);
    }

    /// <summary>Quadratic near the target, linear far from it.</summary>
    public sealed class HuberLoss : Loss<Tensor, Tensor, Tensor>
    {
        public HuberLoss(double delta = 1.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.delta = delta;

        public double delta { get; }

        public override Tensor forward(Tensor input, Tensor target) => huber_loss(input, target, delta, reduction);
    }

    /// <summary>Kullback–Leibler divergence of log-probabilities.</summary>
    public sealed class KLDivLoss : Loss<Tensor, Tensor, Tensor>
    {
        public KLDivLoss(bool log_target = true, Reduction reduction = Reduction.Mean) : base(reduction) => this.log_target = log_target;

        public bool log_target { get; }

        public override Tensor forward(Tensor input, Tensor target) => kl_div(input, target, log_target, reduction);
    }

    /// <summary>Negative log-likelihood of counts.</summary>
    public sealed class PoissonNLLLoss : Loss<Tensor, Tensor, Tensor>
    {
        public PoissonNLLLoss(bool log_input = true, bool full = false, float eps = 1E-08f, Reduction reduction = Reduction.Mean) : base(reduction) =>
            (this.log_input, this.full, this.eps) = (log_input, full, eps);

        public bool log_input { get; }

        public bool full { get; }

        public float eps { get; }

        public override Tensor forward(Tensor input, Tensor target) => poisson_nll_loss(input, target, log_input, full, eps, reduction);
    }

    /// <summary>Negative log-likelihood of a normal distribution.</summary>
    public sealed class GaussianNLLLoss : Loss<Tensor, Tensor, Tensor, Tensor>
    {
        public GaussianNLLLoss(bool full = false, float eps = 1E-08f, Reduction reduction = Reduction.Mean) : base(reduction) =>
            (this.full, this.eps) = (full, eps);

        public bool full { get; }

        public float eps { get; }

        public override Tensor forward(Tensor input, Tensor target, Tensor variance) => gaussian_nll_loss(input, target, variance, full, eps, reduction);
    }

    /// <summary>log(1 + e^(−t·x)).</summary>
    public sealed class SoftMarginLoss : Loss<Tensor, Tensor, Tensor>
    {
        public SoftMarginLoss(Reduction reduction = Reduction.Mean) : base(reduction) { }

        public override Tensor forward(Tensor input, Tensor target) => soft_margin_loss(input, target, reduction);
    }

    /// <summary>x where t = 1, max(0, margin − x) where t = −1.</summary>
    public sealed class HingeEmbeddingLoss : Loss<Tensor, Tensor, Tensor>
    {
        public HingeEmbeddingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.margin = margin;

        public double margin { get; }

        public override Tensor forward(Tensor input, Tensor target) => hinge_embedding_loss(input, target, margin, reduction);
    }

    /// <summary>max(0, −t(x₁ − x₂) + margin).</summary>
    public sealed class MarginRankingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
    {
        public MarginRankingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.margin = margin;

        public double margin { get; }

        public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => margin_ranking_loss(input1, input2, target, margin, reduction);
    }

    /// <summary>Pulls pairs together or apart by their cosine.</summary>
    public sealed class CosineEmbeddingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
    {
        public CosineEmbeddingLoss(double margin = 0.0, Reduction reduction = Reduction.Mean) : base(reduction) => this.margin = margin;

        public double margin { get; }

        public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => cosine_embedding_loss(input1, input2, target, margin, reduction);
    }

    /// <summary>max(0, d(a, p) − d(a, n) + margin).</summary>
    public sealed class TripletMarginLoss : Loss<Tensor, Tensor, Tensor, Tensor>
    {
        private readonly double _eps;

        private readonly bool _swap;

        public TripletMarginLoss(double margin = 1.0, long p = 2, double eps = 1E-06, bool swap = false, Reduction reduction = Reduction.Mean) : base(reduction) =>
            (this.margin, this.p, _eps, _swap) = (margin, p, eps, swap);

        public double margin { get; }

        public long p { get; }

        public override Tensor forward(Tensor anchor, Tensor positive, Tensor negative) => triplet_margin_loss(anchor, positive, negative, margin, p, _eps, _swap, reduction);
    }

    /// <summary>Triplet loss with a distance of one's own.</summary>
    public sealed class TripletMarginWithDistanceLoss : Loss<Tensor, Tensor, Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor, Tensor>? _distance;

        private readonly bool _swap;

        public TripletMarginWithDistanceLoss(Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1.0, bool swap = false, Reduction reduction = Reduction.Mean) : base(reduction) =>
            (_distance, this.margin, _swap) = (distance, margin, swap);

        public double margin { get; }

        public override Tensor forward(Tensor anchor, Tensor positive, Tensor negative) => triplet_margin_with_distance_loss(anchor, positive, negative, _distance, margin, _swap, reduction);
    }

    /// <summary>Margins between targets and other classes.</summary>
    public sealed class MultiLabelMarginLoss : Loss<Tensor, Tensor, Tensor>
    {
        public MultiLabelMarginLoss(Reduction reduction = Reduction.Mean) : base(reduction) { }

        public override Tensor forward(Tensor input, Tensor target) => multi_label_margin_loss(input, target, reduction);
    }
}
