namespace TorchSharp;

public static partial class torch
{
    /// <summary>Probability distributions: samples, log-probabilities and moments, differentiable in their parameters.</summary>
    public static partial class distributions
    {
        /// <summary>
        /// A batch of distributions of one family. A sample has the shape [sample_shape, batch_shape, event_shape]: how many are drawn,
        /// one for each set of parameters, and the size of one value.
        /// </summary>
        public abstract class Distribution : IDisposable
        {
            protected static double euler_constant = 0.57721566490153286060;

            protected Generator? generator;

            public Distribution(Generator? generator, long[]? batch_shape = null, long[]? event_shape = null)
            {
                this.generator = generator;
                (this.batch_shape, this.event_shape) = (batch_shape ?? [], event_shape ?? []);
            }

            public Distribution(Generator? generator, Size batch_shape, Size? event_shape = null)
            {
                this.generator = generator;
                (this.batch_shape, this.event_shape) = (batch_shape, event_shape ?? Array.Empty<long>());
            }

            /// <summary>One set of parameters each.</summary>
            public Size batch_shape { get; protected set; }

            /// <summary>The shape of one value.</summary>
            public Size event_shape { get; protected set; }

            public abstract Tensor mean { get; }

            /// <summary>The most probable value.</summary>
            public virtual Tensor mode => throw new NotSupportedException($"{GetType().Name} has no mode");

            public abstract Tensor variance { get; }

            public virtual Tensor stddev => Compose(() => variance.sqrt());

            /// <summary>Values without a gradient.</summary>
            public virtual Tensor sample(params long[] sample_shape)
            {
                using var mode = GradMode.Set(false);
                return rsample(sample_shape);
            }

            public Tensor sample(Size sample_shape) => sample(sample_shape.Shape);

            /// <summary>Values as a function of the parameters and of noise that does not depend on them, where there is such a function: differentiable.</summary>
            public abstract Tensor rsample(params long[] sample_shape);

            public Tensor rsample(Size sample_shape) => rsample(sample_shape.Shape);

            /// <summary>The logarithm of the density, or of the probability, at a value.</summary>
            public abstract Tensor log_prob(Tensor value);

            public abstract Tensor entropy();

            /// <summary>For families whose entropy TorchSharp does not compute.</summary>
            private protected NotImplementedException NoEntropy() => new($"{GetType().Name} does not compute its entropy; average -log_prob over samples.");

            /// <summary>The probability of at most a value.</summary>
            public virtual Tensor cdf(Tensor value) => throw new NotSupportedException($"{GetType().Name} has no cdf");

            /// <summary>The value below which a given probability lies: the inverse of <see cref="cdf"/>.</summary>
            public virtual Tensor icdf(Tensor value) => throw new NotSupportedException($"{GetType().Name} has no icdf");

            public virtual Tensor perplexity() => Compose(() => entropy().exp());

            /// <summary>All values of a discrete distribution.</summary>
            public virtual Tensor enumerate_support(bool expand = true) => throw new NotSupportedException($"{GetType().Name} has no finite support");

            /// <summary>The same parameters for a larger batch.</summary>
            public abstract Distribution expand(Size batch_shape, Distribution? instance = null);

            protected long[] ExtendedShape(params long[] sample_shape) => [.. sample_shape, .. batch_shape, .. event_shape];

            protected Tensor ClampProbs(Tensor probs)
            {
                double eps = Operations.Epsilon(probs.dtype);
                return probs.clamp(eps, 1 - eps);
            }

            protected Tensor LogitsToProbs(Tensor logits, bool isBinary = false) => isBinary ? logits.sigmoid() : logits.softmax(-1);

            protected Tensor ProbsToLogits(Tensor probs, bool isBinary = false)
            {
                using var scope = DisposeScope.ForTemporaries();
                var clamped = ClampProbs(probs);
                return scope.MoveToOuter(isBinary ? clamped.log() - (-clamped).log1p() : clamped.log());
            }

            private protected Tensor Compose(Func<Tensor> formula)
            {
                using var scope = DisposeScope.ForTemporaries();
                return scope.MoveToOuter(formula());
            }

            private readonly List<Tensor> _owned = [];

            /// <summary>A handle of the distribution's own, which dies with it; its shape is the batch's.</summary>
            private protected Tensor Own(Tensor parameter)
            {
                batch_shape = parameter.shape;
                return Keep(parameter.alias());
            }

            /// <summary>Both parameters in the shape to which they broadcast, the batch's.</summary>
            private protected (Tensor, Tensor) Own(Tensor a, Tensor b)
            {
                long[] shape = Layout.Broadcast(a.Layout, b.Layout).Shape;
                batch_shape = shape;
                return (Keep(a.expand(shape)), Keep(b.expand(shape)));
            }

            /// <summary>The one that is given of probabilities and logits; the other is null.</summary>
            private protected (Tensor? probs, Tensor? logits) OwnOneOf(Tensor? probs, Tensor? logits)
            {
                if ((probs is null) == (logits is null))
                    throw new ArgumentException($"{GetType().Name} takes either probabilities or logits, and not both.");
                return (probs is null ? null : Own(probs), logits is null ? null : Own(logits));
            }

            private protected Tensor Keep(Tensor parameter)
            {
                _owned.Add(parameter.DetachFromDisposeScope());
                return parameter;
            }

            /// <summary>The smallest positive number of full precision.</summary>
            private protected static double SmallestNormal(ScalarType type) => type == ScalarType.Float64 ? 2.2250738585072014e-308 : 1.1754943508222875e-38;

            private protected static Distribution Expanded(Distribution? instance, Func<Distribution> larger) =>
                instance is null ? larger() : throw new NotSupportedException("expand into a given instance is not in the managed engine; pass null");

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var parameter in _owned)
                    parameter.Dispose();
            }
        }
    }
}
