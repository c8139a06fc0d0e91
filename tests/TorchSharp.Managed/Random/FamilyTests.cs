using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>What the golden cases of distributions cannot say: gradients of gamma variates, moments of samples, batches, ownership.</summary>
public class FamilyTests
{
    public static TheoryData<string> Names => [.. Families.Keys];

    private static Tensor T(params double[] values) => tensor(values);

    private static readonly Dictionary<string, Func<distributions.Distribution>> Families = new()
    {
        ["Laplace"] = () => distributions.Laplace(T(1, -2), T(0.5, 2)),
        ["Gumbel"] = () => distributions.Gumbel(T(1, -2), T(0.5, 2)),
        ["LogNormal"] = () => distributions.LogNormal(T(0.1, -0.5), T(0.3, 0.6)),
        ["HalfNormal"] = () => distributions.HalfNormal(T(0.5, 2)),
        ["Poisson"] = () => distributions.Poisson(T(0.7, 25)),
        ["Geometric"] = () => distributions.Geometric(T(0.3, 0.8)),
        ["Binomial"] = () => distributions.Binomial(T(3, 40), T(0.3, 0.6)),
        ["Multinomial"] = () => distributions.Multinomial(5, T(0.2, 0.5, 0.3)),
        ["OneHotCategorical"] = () => distributions.OneHotCategorical(T(0.2, 0.5, 0.3)),
        ["Gamma"] = () => distributions.Gamma(T(0.4, 5), T(2, 0.5)),
        ["Chi2"] = () => distributions.Chi2(T(1, 7)),
        ["Beta"] = () => distributions.Beta(T(0.5, 4), T(1.5, 2)),
        ["NegativeBinomial"] = () => distributions.NegativeBinomial(T(3, 5.5), T(0.3, 0.8)),
        ["Pareto"] = () => distributions.Pareto(T(1, 2), T(12, 20)),
        ["Weibull"] = () => distributions.Weibull(T(1, 2), T(3, 1.5)),
        ["FisherSnedecor"] = () => distributions.FisherSnedecor(T(3, 6), T(24, 30)),
        ["Kumaraswamy"] = () => distributions.Kumaraswamy(T(2, 3), T(1.5, 4)),
        ["Dirichlet"] = () => distributions.Dirichlet(T(0.5, 1, 6)),
    };

    [Theory, MemberData(nameof(Names))]
    public void Sample_OfManyValues_HasTheMeanAndVarianceOfTheFamily(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var family = Families[name]();
        const int count = 20_000;
        Tensor values = family.sample(count), deviation = family.stddev;
        Assert.Equal([count, .. family.batch_shape, .. family.event_shape], values.shape);
        // Six standard errors of the mean; a variance within a tenth.
        Assert.True((values.mean([0]) - family.mean).abs().le(6 * deviation / Math.Sqrt(count)).all().ToBoolean(), $"{name}: mean {values.mean([0]).ToString(TensorStringStyle.Julia)}, expected {family.mean.ToString(TensorStringStyle.Julia)}");
        Assert.True((values.var(0L) / family.variance - 1).abs().le(0.1).all().ToBoolean(), $"{name}: variance {values.var(0L).ToString(TensorStringStyle.Julia)}, expected {family.variance.ToString(TensorStringStyle.Julia)}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Expand_ToALargerBatch_RepeatsTheParameters(string name)
    {
        using var scope = NewDisposeScope();
        distributions.Distribution family = Families[name](), larger = family.expand((long[])[4, .. family.batch_shape]);
        Assert.Equal([4, .. family.batch_shape], larger.batch_shape.Shape);
        Assert.Equal(family.event_shape.Shape, larger.event_shape.Shape);
        Assert.True(larger.mean[2].allclose(family.mean));
    }

    [Fact]
    public void Rsample_OfGamma_MovesWithItsParametersAsTheDistributionFunctionSays()
    {
        using var scope = NewDisposeScope();
        foreach (double shape in new[] { 0.05, 0.6, 1, 3.5, 40 })
        {
            manual_seed(11);
            Tensor a = tensor(shape, requires_grad: true), rate = tensor(2.0, requires_grad: true);
            var x = distributions.Gamma(a, rate).rsample(1)[0];
            x.backward();
            double value = x.ToDouble() * 2, step = 1e-4 * shape, share = P(shape, value);
            double expected = (Quantile(shape + step, share, value) - Quantile(shape - step, share, value)) / (2 * step) / 2;
            Assert.Equal(1, a.grad!.ToDouble() / expected, 5);
            Assert.Equal(-x.ToDouble() / 2, rate.grad!.ToDouble(), 10);
        }
    }

    private static double P(double shape, double x) => special.gammainc(tensor(shape), tensor(x)).ToDouble();

    /// <summary>The x near a guess with P(shape, x) = share, by bisection.</summary>
    private static double Quantile(double shape, double share, double guess)
    {
        double low = guess / 10, high = guess * 10;
        while (high - low > 1e-14 * guess)
        {
            double middle = (low + high) / 2;
            if (middle == low || middle == high)
                break;
            (low, high) = P(shape, middle) < share ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }

    [Fact]
    public void Entropy_OfAMultinomialOfTwoCategories_IsTheBinomials()
    {
        using var scope = NewDisposeScope();
        var entropy = distributions.Multinomial(7, T(0.3, 0.7)).entropy();
        Assert.Equal(distributions.Binomial(7, 0.3, null).entropy().ToDouble(), entropy.ToDouble(), 10);
    }

    [Fact]
    public void Rsample_OfGammaDifferentiatedTwice_IsRefused()
    {
        var a = tensor(2.0, requires_grad: true);
        var x = distributions.Gamma(a, tensor(1.0)).rsample(1);
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => autograd.grad([x.sum()], [a], create_graph: true));
        Assert.Contains("not implemented", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gammainc_AtTheEdges_IsItsLimit()
    {
        using var scope = NewDisposeScope();
        Tensor a = T(0, 0, 2, 2, double.PositiveInfinity, -1, 1e-10), x = T(0, 1, 0, double.PositiveInfinity, 3, 1, 1);
        Assert.Equal([double.NaN, 1, 0, 1, 0, double.NaN, 1], special.gammainc(a, x).data<double>().ToArray().Select(value => Math.Round(value, 9)));
        Assert.Equal([double.NaN, 0, 1, 0, 1, double.NaN, 0], special.gammaincc(a, x).data<double>().ToArray().Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public void LogProb_UnderIndependent_SumsTheDimensionsThatBecomeTheEvent()
    {
        using var scope = NewDisposeScope();
        distributions.Distribution normal = distributions.Normal(zeros(4, 2, 3, dtype: float64), ones(4, 2, 3, dtype: float64));
        var independent = distributions.Independent(normal, 2);
        Assert.Equal([4], independent.batch_shape.Shape);
        Assert.Equal([2, 3], independent.event_shape.Shape);
        var value = normal.sample();
        Assert.True(independent.log_prob(value).allclose(normal.log_prob(value).sum([1, 2])));
        Assert.Contains("0 to 3", Assert.Throws<ArgumentException>(() => distributions.Independent(normal, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_OfADistribution_OutliveTheirScopeAndDieWithIt()
    {
        var gamma = Make();
        using (NewDisposeScope())
            Assert.Equal(2.5, gamma.mean.ToDouble(), 12);
        gamma.Dispose();
        Assert.ThrowsAny<InvalidOperationException>(() => gamma.log_prob(tensor(1.0)));

        static Modules.Gamma Make()
        {
            using var scope = NewDisposeScope();
            return distributions.Gamma(tensor(5.0), tensor(2.0));
        }
    }
}
