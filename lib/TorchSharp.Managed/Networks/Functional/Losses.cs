namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>How the losses of the elements become one: not at all, mean, or sum.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        // Regression and margin losses. x: input, t: target, both of one shape unless said.
        public static partial class functional
        {
            /// <summary>(x − t)².</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Compose(() =>
                Reduce((input - target).square(), reduction));

            /// <summary>|x − t|.</summary>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Compose(() =>
                Reduce((input - target).abs(), reduction));

            /// <summary>½(x−t)²/β within β of the target, |x−t| − ½β outside.</summary>
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (beta < 0)
                    throw new ArgumentException($"smooth_l1_loss: beta is {beta}, expected 0 or more.", nameof(beta));
                var distance = (input - target).abs();
                return scope.MoveToOuter(Reduce(beta == 0 ? distance : torch.where(distance.lt(beta), distance.square().mul(0.5 / beta), distance.sub(0.5 * beta)), reduction));
            }

            /// <summary>½(x−t)² within δ of the target, δ(|x−t| − ½δ) outside. Huber, 1964.</summary>
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (delta <= 0)
                    throw new ArgumentException($"huber_loss: delta is {delta}, expected more than 0.", nameof(delta));
                var distance = (input - target).abs();
                return scope.MoveToOuter(Reduce(torch.where(distance.le(delta), distance.square().mul(0.5), distance.sub(0.5 * delta).mul(delta)).to(input.dtype), reduction));
            }

            /// <summary>e^x − t·x for log rates, x − t·log(x + ε) for rates; full adds Stirling's term t·log t − t + ½log(2πt) where t &gt; 1.</summary>
            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, float eps = 1E-08f, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                var loss = log_input ? input.exp() - target * input : input - target * input.add(eps).log();
                if (full)
                {
                    Tensor large = target.clamp_min(1), stirling = large * large.log() - large + large.mul(2 * Math.PI).log().mul(0.5);
                    loss += torch.where(target.gt(1), stirling, torch.zeros_like(stirling));
                }
                return scope.MoveToOuter(Reduce(loss, reduction));
            }

            /// <summary>½(log v + (x−t)²/v), with the variance v kept above eps; full adds ½log 2π.</summary>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1E-06f, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (variance.HasData && variance.lt(0).any().item<bool>())
                    throw new ArgumentException("gaussian_nll_loss: variance has a negative entry.", nameof(variance));
                if (variance.dim() == input.dim() - 1)
                    variance = variance.unsqueeze(-1);
                // The limit acts on the value only: the gradient passes as if it were not there.
                var limited = variance + (variance.clamp_min(eps) - variance).detach();
                var loss = (limited.log() + (input - target).square() / limited).mul(0.5);
                return scope.MoveToOuter(Reduce(full ? loss.add(0.5 * Math.Log(2 * Math.PI)) : loss, reduction));
            }

            /// <summary>t(log t − x), with x (and, by default, t) given as logarithms.</summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                if (log_target)
                    return scope.MoveToOuter(Reduce(target.exp() * (target - input), reduction));
                return scope.MoveToOuter(Reduce(target.xlogy(target) - target * input, reduction));
            }

            /// <summary>log(1 + e^(−t·x)), t = ±1.</summary>
            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Compose(() =>
                Reduce((target * input).neg().exp().log1p(), reduction));

            /// <summary>x where t = 1, max(0, margin − x) where t = −1.</summary>
            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                Tensor zero = torch.zeros_like(input), far = input.neg().add(margin).clamp_min(0);
                return scope.MoveToOuter(Reduce(torch.where(target.ne(1), far, zero) + torch.where(target.ne(-1), input, zero), reduction));
            }

            /// <summary>max(0, −t(x₁ − x₂) + margin).</summary>
            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean) => Compose(() =>
                Reduce((target.neg() * (input1 - input2)).add(margin).clamp_min(0), reduction));

            /// <summary>1 − cos(x₁, x₂) where t = 1, max(0, cos − margin) where t = −1.</summary>
            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0.0, Reduction reduction = Reduction.Mean)
            {
                using var scope = DisposeScope.ForTemporaries();
                const double Tiny = 1e-12;
                long dim = target.dim();
                Tensor squares1 = input1.square().sum(dim).add(Tiny), squares2 = input2.square().sum(dim).add(Tiny);
                Tensor cos = (input1 * input2).sum(dim) / (squares1 * squares2).sqrt(), zero = torch.zeros_like(cos);
                return scope.MoveToOuter(Reduce(torch.where(target.eq(1), cos.neg().add(1), zero) + torch.where(target.eq(-1), cos.sub(margin).clamp_min(0), zero), reduction));
            }

            /// <summary>max(0, d(a, p) − d(a, n) + margin); swap takes the smaller of d(a, n) and d(p, n).</summary>
            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1.0, long p = 2, double eps = 1E-06, bool swap = false, Reduction reduction = Reduction.Mean) => Compose(() =>
                triplet_margin_with_distance_loss(anchor, positive, negative, (a, b) => pairwise_distance(a, b, p, eps), margin, swap, reduction));

            /// <summary>The same with a distance of one's own, which may keep its tensors: they are not disposed here.</summary>
            public static Tensor triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1.0, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                if (distance is null)
                    return Compose(() => triplet_margin_with_distance_loss(anchor, positive, negative, (a, b) => pairwise_distance(a, b), margin, swap, reduction));
                Tensor near = distance(anchor, positive), far = distance(anchor, negative);
                if (swap)
                    far = torch.minimum(far, distance(positive, negative));
                return Compose(() => Reduce((near - far).add(margin).clamp_min(0), reduction));
            }

            private static Tensor Reduce(Tensor loss, Reduction reduction) => reduction switch
            {
                Reduction.Mean => loss.mean(),
                Reduction.Sum => loss.sum(),
                _ => loss,
            };
        }
    }
}
