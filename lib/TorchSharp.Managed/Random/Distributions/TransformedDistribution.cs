using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// y = f(x) of a value x of another distribution, f increasing: density p(f⁻¹(y)) / f′(f⁻¹(y)). The identity, unless a family says otherwise.
/// </summary>
public class TransformedDistribution : distributions.Distribution
{
    private protected TransformedDistribution(distributions.Distribution inner, Generator? generator) : base(generator) => (this.inner, batch_shape) = (inner, inner.batch_shape);

    private protected readonly distributions.Distribution inner;

    private protected virtual Tensor Transform(Tensor x) => x;

    private protected virtual Tensor Inverse(Tensor y) => y;

    /// <summary>ln f′(x).</summary>
    private protected virtual Tensor LogSlope(Tensor x) => zeros_like(x);

    public override Tensor mean => inner.mean;

    public override Tensor variance => inner.variance;

    public override Tensor rsample(params long[] sample_shape) => Compose(() => Transform(inner.rsample(sample_shape)));

    public override Tensor log_prob(Tensor value) => Compose(() =>
    {
        var x = Inverse(value);
        return inner.log_prob(x) - LogSlope(x);
    });

    public override Tensor entropy() => inner.entropy();

    public override Tensor cdf(Tensor value) => Compose(() => inner.cdf(Inverse(value)));

    public override Tensor icdf(Tensor value) => Compose(() => Transform(inner.icdf(value)));

    public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
        Expanded(instance, () => new TransformedDistribution(inner.expand(batch_shape), generator));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            inner.Dispose();
    }
}
