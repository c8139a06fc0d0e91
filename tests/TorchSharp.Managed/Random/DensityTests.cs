using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>Densities, moments and draws of the heavy-tailed and the relaxed families. The numbers are libtorch's, where the real library computes them, or of the definition.</summary>
public class DensityTests
{
    private static Tensor T(params double[] values) => tensor(values);

    private static readonly Tensor Temperature = tensor(0.7);

    /// <param name="Draws">The first row of a sample from seed 7.</param>
    private sealed record Family(Func<distributions.Distribution> Make, double[] Value, double[] LogProb, double[] Draws, double[]? Mean = null, double[]? Variance = null, double[]? Mode = null, double[]? Entropy = null);

    private static readonly Dictionary<string, Family> Families = new()
    {
        ["NegativeBinomial"] = new(() => distributions.NegativeBinomial(T(3, 5.5), T(0.3, 0.8)), [2, 6], [-1.68621, -4.43583], [0, 15], [1.28571, 22], [1.83673, 110], [0, 18]),
        ["NegativeBinomial_logits"] = new(() => distributions.NegativeBinomial(T(3, 5.5), logits: T(-0.3, 0.8)), [0, 6], [-1.66307, -2.91272], [1, 18], [2.22245, 12.2405], [3.86889, 39.4822], [1, 10]),
        ["Pareto"] = new(() => distributions.Pareto(T(1, 2), T(3, 1.5)), [2.5, 4], [-2.56655, -2.02055], [1.1154, 2.47524], [1.5, 6], [0.75, double.PositiveInfinity], [1, 2], [0.234721, 1.95435]),
        ["Weibull"] = new(() => distributions.Weibull(T(1, 2), T(3, 1.5)), [2.5, 4], [-12.6938, -2.76954], [0.689394, 0.935264], [0.89298, 1.80549], [0.105333, 1.50276], [0.87358, 0.9615], [0.286198, 1.48009]),
        ["HalfCauchy"] = new(() => distributions.HalfCauchy(T(1, 2)), [2.5, 4], [-2.43258, -2.75417], [0.830556, 1.72241], [double.PositiveInfinity, double.PositiveInfinity], null, [0, 0], [1.83788, 2.53102]),
        ["FisherSnedecor"] = new(() => distributions.FisherSnedecor(T(3, 6), T(5, 2)), [2.5, 4], [-2.3454, -3.09276], [0.712364, 1.57324], [1.66667, double.NaN], [11.1111, double.NaN]),
        ["Kumaraswamy"] = new(() => distributions.Kumaraswamy(T(2, 3), T(1.5, 4)), [0.2, 0.9], [-0.531237, -1.64272], [0.756728, 0.651636], [0.589049, 0.534066], [0.0530217, 0.030358], null, [-0.125093, -0.346018]),
        ["LogitRelaxedBernoulli_logits"] = new(() => distributions.LogitRelaxedBernoulli(Temperature, logits: T(-0.3, 0.8)), [-2, 0.9], [-2.03135, -1.75019], [-1.7822, -0.251375], [0.425557, 0.689974], [0.244458, 0.21391], null, [0.682022, 0.619121]),
        ["RelaxedBernoulli_logits"] = new(() => distributions.RelaxedBernoulli(Temperature, logits: T(-0.3, 0.8)), [0.2, 0.9], [-0.0207057, 0.531777], [0.144032, 0.437485]),
        ["RelaxedBernoulli"] = new(() => distributions.RelaxedBernoulli(Temperature, T(0.3, 0.8)), [0.2, 0.9], [Math.Log(RelaxedDensity(0.3, 0.2)), Math.Log(RelaxedDensity(0.8, 0.9))], [0.0714883, 0.64249]),
        ["ExpRelaxedCategorical_logits"] = new(() => distributions.ExpRelaxedCategorical(Temperature, logits: T(0.2, 0.5, 0.3)), [Math.Log(0.2), Math.Log(0.5), Math.Log(0.3)], [-3.34529], [-3.31131, -2.90559, -0.0956138]),
        ["RelaxedOneHotCategorical"] = new(() => distributions.RelaxedOneHotCategorical(Temperature, T(0.2, 0.5, 0.3)), [0.2, 0.5, 0.3], [Math.Log(RelaxedDensity([0.2, 0.5, 0.3], [0.2, 0.5, 0.3]))], [0.0231625, 0.0838196, 0.893018]),
    };

    /// <summary>Maddison, Mnih and Teh, 2017, equation 22 with odds p/(1 − p) and temperature 0.7.</summary>
    private static double RelaxedDensity(double p, double x)
    {
        double odds = p / (1 - p), low = Math.Pow(x, -0.7), high = Math.Pow(1 - x, -0.7);
        return 0.7 * odds * low / x * high / (1 - x) / Math.Pow(odds * low + high, 2);
    }

    /// <summary>The same, equation 10: (n − 1)!·λⁿ⁻¹·Π pᵢxᵢ^(−λ−1) / (Σ pᵢxᵢ^−λ)ⁿ for three categories.</summary>
    private static double RelaxedDensity(double[] p, double[] x) => 2 * 0.7 * 0.7 * p.Zip(x, (a, b) => a * Math.Pow(b, -1.7)).Aggregate((a, b) => a * b)
        / Math.Pow(p.Zip(x, (a, b) => a * Math.Pow(b, -0.7)).Sum(), 3);

    public static TheoryData<string> Names => [.. Families.Keys];

    private static void Close(double[] expected, Tensor actual) => Assert.Equal(expected, actual.to(float64).flatten().data<double>().ToArray(), (a, b) =>
        double.IsFinite(a) ? Math.Abs(a - b) <= 1e-5 * Math.Max(1, Math.Abs(a)) : a.Equals(b));

    [Theory, MemberData(nameof(Names))]
    public void LogProb_OfAValue_IsTheLogarithmOfItsDensity(string name)
    {
        var family = Families[name];
        using var one = family.Make();
        Close(family.LogProb, one.log_prob(T(family.Value)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Sample_FromASeed_GivesLibtorchsDraws(string name)
    {
        var family = Families[name];
        using var one = family.Make();
        manual_seed(7);
        var sample = one.sample(3);
        Assert.Equal([3, .. one.batch_shape, .. one.event_shape], sample.shape);
        Close(family.Draws, sample[0]);
    }

    [Theory, MemberData(nameof(Names))]
    public void Moments_AreTheFamilys(string name)
    {
        var family = Families[name];
        using var one = family.Make();
        if (family.Mean is { } mean)
            Close(mean, one.mean);
        if (family.Variance is { } variance)
            Close(variance, one.variance);
        if (family.Mode is { } mode)
            Close(mode, one.mode);
        if (family.Entropy is { } entropy)
            Close(entropy, one.entropy());
    }

    [Fact]
    public void Cdf_AndIcdf_AreInverse_AndKnown()
    {
        using var pareto = distributions.Pareto(T(1, 2), T(3, 1.5));
        Close([0.936, 0.646447], pareto.cdf(T(2.5, 4)));
        Close([1.12625, 2.53687], pareto.icdf(T(0.3, 0.3)));
        using var cauchy = distributions.HalfCauchy(T(1, 2));
        Close([0.757762, 0.704833], cauchy.cdf(T(2.5, 4)));
        Close([0.509525, 1.01905], cauchy.icdf(T(0.3, 0.3)));
        Assert.True(double.IsNegativeInfinity(cauchy.log_prob(T(-2.5, 1))[0].ToDouble()));
        using var kumaraswamy = distributions.Kumaraswamy(T(2, 3), T(1.5, 4));
        Close([0.0593959, 0.994606], kumaraswamy.cdf(T(0.2, 0.9)));
        Close([0.460029, 0.440215], kumaraswamy.icdf(T(0.3, 0.3)));
    }

    [Fact]
    public void LogProb_HasGradientsForItsParameters()
    {
        Tensor a = T(1, 2).requires_grad_(), b = T(3, 1.5).requires_grad_();
        distributions.Pareto(a, b).log_prob(T(2.5, 4)).sum().backward();
        Close([3, 0.75], a.grad!);
        Close([-0.582957, -0.0264805], b.grad!);
        Tensor c = T(2, 2).requires_grad_(), d = T(3, 1.5).requires_grad_();
        distributions.Kumaraswamy(c, d).log_prob(T(0.5, 0.4)).sum().backward();
        Close([0.268951, -0.329025], c.grad!);
        Close([0.0456513, 0.492313], d.grad!);
    }

    [Fact]
    public void Rsample_OfRelaxedFamilies_IsDifferentiable()
    {
        Tensor p = T(0.3, 0.8).requires_grad_(), l = T(0.2, 0.5, 0.3).requires_grad_();
        manual_seed(3);
        var x = distributions.RelaxedBernoulli(Temperature, p).rsample(2);
        x.sum().backward();
        // dx/dp of σ((logit p + noise)/λ) is x(1 − x)/(λ·p(1 − p)).
        Close([.. (x * (1 - x) / (0.7 * p * (1 - p))).sum(0L).detach().data<double>().ToArray()], p.grad!);
        var y = distributions.RelaxedOneHotCategorical(Temperature, logits: l).rsample();
        (y * T(0, 1, 2)).sum().backward();
        var mean = (y * T(0, 1, 2)).sum();
        Close([.. (y * (T(0, 1, 2) - mean) / 0.7).detach().data<double>().ToArray()], l.grad!);
    }

    [Fact]
    public void Parameters_ByProbabilitiesOrLogOdds_AreBothThere()
    {
        using var one = distributions.NegativeBinomial(3, 0.4f, null);
        Close([Math.Log(0.4 / 0.6)], one.logits);
        Assert.Throws<ArgumentException>(() => distributions.NegativeBinomial(T(3), T(0.3), T(1)));
        using var relaxed = distributions.RelaxedBernoulli(Temperature, T(0.3, 0.8));
        Close([Math.Log(3.0 / 7), Math.Log(4)], relaxed.logits);
        Close([0.7], relaxed.temperature);
    }

    [Fact]
    public void Mode_OfKumaraswamyAndWeibull_IsWhereTheDensityIsHighest()
    {
        Close([Math.Sqrt(0.5), Math.Cbrt(2.0 / 11)], distributions.Kumaraswamy(T(2, 3), T(1.5, 4)).mode);
        Close([0], distributions.Weibull(T(1), T(0.5)).mode);
    }
}
