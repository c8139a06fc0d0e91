using static TorchSharp.torch;
using static TorchSharp.Managed.Tests.Golden.Domain;

namespace TorchSharp.Managed.Tests.Golden;

internal sealed partial class Calls
{
    /// <summary>
    /// Log-probability of a value, entropy, moments, and a sample from seed 7; where there are any, also cdf and icdf. Samples made of
    /// gamma variates are cases of their own without gradients: libtorch approximates those to a few digits.
    /// </summary>
    private void Distributions()
    {
        void Of(string name, Tensor[] parameters, Tensor value, bool inverse = false, bool entropy = true, bool sample = true, int[]? constants = null)
        {
            _g.Add("distribution_" + name, [.. parameters, value], new { inverse, entropy, sample }, constants: constants);
            if (!sample)
                _g.Add("sample_" + name, parameters, gradients: false);
        }
        Tensor P(params long[] shape) => X(shape, Positive);

        Of("Normal", [X([3]), P(3)], X([2, 3]), inverse: true);
        Of("Uniform", [X([3]) - 5, X([3]) + 5], X([2, 3]), inverse: true);
        Of("Exponential", [P(3)], P(2, 3), inverse: true);
        var value = Integers(2, [2, 3]).to_type(Double);
        Of("Bernoulli", [X([3], Probability)], value);
        Of("Bernoulli_logits", [X([3])], value);
        Of("Categorical", [P(3, 4)], Integers(4, [2, 3]));
        Of("Categorical_logits", [X([4])], Integers(4, [5]));
        var m = X([3, 3]);
        Of("MultivariateNormal", [X([3]), m.mm(m.t()) + 3 * Eye(3)], X([2, 3]));
        var counts = Integers(6, [2, 3]).to_type(Double);
        Of("Laplace", [X([3]), P(3)], X([2, 3]), inverse: true);
        Of("Cauchy", [X([3]), P(3)], X([2, 3]), inverse: true);
        Of("Gumbel", [X([3]), P(3) + 1], X([2, 3]), inverse: true);
        Of("LogNormal", [X([3]), P(3)], P(2, 3), inverse: true);
        Of("HalfNormal", [P(3)], P(2, 3), inverse: true);
        Of("Poisson", [P(3) * 4], counts, entropy: false);
        Of("Geometric", [X([3], Probability)], counts);
        Of("Geometric_logits", [X([3])], counts);
        Of("Binomial", [X([3], Probability)], counts);
        Of("Binomial_logits", [X([3])], counts);
        var votes = Reals(2, 0, 3, 1, 0, 6, 0, 0).reshape(2, 4);
        Of("Multinomial", [P(2, 4)], votes, entropy: false);
        Of("Multinomial_logits", [X([4])], votes, entropy: false);
        Of("OneHotCategorical", [P(2, 4)], Eye(4).narrow(0, 0, 2));
        Of("Gamma", [P(3), P(3)], P(2, 3), sample: false);
        Of("Chi2", [P(3) * 3], P(2, 3), sample: false);
        Of("Beta", [P(3), P(3)], X([2, 3], Probability), sample: false);
        Of("Dirichlet", [P(2, 4)], P(2, 4).softmax(-1), sample: false);
        Of("Independent", [X([2, 3]), P(2, 3)], X([2, 3]));
    }
}
