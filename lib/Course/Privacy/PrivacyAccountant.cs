namespace Course;

/// <summary>
/// What the noise of DP-SGD (Abadi et al. 2016) promises: after all steps no single example changes the probability of
/// any outcome by more than the factor e^ε, except with probability δ. Counted in Rényi differential privacy, which adds
/// up over steps (Mironov 2017).
/// </summary>
public static class PrivacyAccountant
{
    /// <summary>The largest Rényi order that is tried; larger ones matter only for ε far below 0.1.</summary>
    private const int LargestOrder = 256;

    /// <summary>ε after <paramref name="steps"/> noisy steps.</summary>
    /// <param name="noise">Standard deviation σ of the noise, in units of the length C to which each gradient is clipped.</param>
    /// <param name="steps">Number of steps T.</param>
    /// <param name="delta">The probability δ with which the promise may fail; well below 1 / examples.</param>
    /// <param name="sampleRate">Chance q of each example to be in a batch (Poisson sampling); 1 for full batches.</param>
    /// <remarks>
    /// Full batches: ε = ρ + 2√(ρ ln(1/δ)) with ρ = T/(2σ²) (Bun and Steinke 2016, proposition 1.3).
    /// Sampled batches: min over integer orders α of T·R(α) + ln(1/δ)/(α−1) (Mironov 2017, proposition 3).
    /// </remarks>
    /// <returns>ε; infinity without noise, 0 without steps.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Noise or steps are negative, δ or the sample rate is no probability.</exception>
    public static double Epsilon(double noise, int steps, double delta, double sampleRate = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (!(delta is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "δ is a probability between 0 and 1, for example 1e-5.");
        if (!(sampleRate is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "The sample rate is batch size / examples: above 0, at most 1.");
        if (steps == 0)
            return 0;
        if (noise == 0)
            return double.PositiveInfinity;
        if (sampleRate == 1)
        {
            double rho = steps / (2 * noise * noise);
            return rho + 2 * Math.Sqrt(rho * -Math.Log(delta));
        }
        return Enumerable.Range(2, LargestOrder - 1)
            .Min(order => steps * Renyi(order, noise, sampleRate) - Math.Log(delta) / (order - 1));
    }

    /// <summary>The smallest σ (to 0.1 %) with which <paramref name="steps"/> steps cost at most <paramref name="epsilon"/>.</summary>
    /// <inheritdoc cref="Epsilon" path="/param"/>
    /// <param name="epsilon">The promise ε, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not positive, or an argument is none that <see cref="Epsilon"/> takes.</exception>
    public static double NoiseFor(double epsilon, int steps, double delta, double sampleRate = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        double low = 0, high = 1;
        while (Epsilon(high, steps, delta, sampleRate) > epsilon)
            (low, high) = (high, 2 * high);
        while (high - low > 1e-3 * high)
        {
            double middle = (low + high) / 2;
            (low, high) = Epsilon(middle, steps, delta, sampleRate) > epsilon ? (middle, high) : (low, middle);
        }
        return high;
    }

    // R(α) of the sampled Gaussian mechanism for an integer order (Mironov, Talwar and Zhang 2019, section 3.3):
    // ln Σₖ binomial(α, k) (1−q)^(α−k) q^k exp((k²−k)/(2σ²)) / (α−1), summed in logarithms.
    private static double Renyi(int order, double noise, double rate)
    {
        double[] terms = new double[order + 1];
        double binomial = 0;
        for (int k = 0; k <= order; k++)
        {
            terms[k] = binomial + (order - k) * Math.Log(1 - rate) + k * Math.Log(rate) + (k * (double)k - k) / (2 * noise * noise);
            binomial += Math.Log((double)(order - k) / (k + 1));
        }
        double largest = terms.Max();
        return (largest + Math.Log(terms.Sum(term => Math.Exp(term - largest)))) / (order - 1);
    }
}
