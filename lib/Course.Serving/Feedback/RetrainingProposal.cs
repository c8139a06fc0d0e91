namespace Course.Serving;

/// <summary>Whether corrections call for a retraining: there are more of them than chance explains.</summary>
/// <param name="Answers">Answers given in the window.</param>
/// <param name="Corrections">Those that were corrected.</param>
/// <param name="Excess">Corrections beyond the expected ones, in standard deviations.</param>
/// <param name="Chance">How often a quiet window has as many corrections or more: the binomial distribution's upper tail.</param>
public sealed record RetrainingProposal(int Answers, IReadOnlyList<Feedback> Corrections, double Excess, double Chance)
{
    /// <summary>
    /// One quiet window in 740 goes as far, as many as lie beyond three standard deviations of a normal distribution. The exact tail decides:
    /// where less than a correction is expected, two of them are beyond three standard deviations, and come often.
    /// </summary>
    public bool IsDue => Chance < 0.00135;

    /// <summary>Reads a window of feedback to the version in service.</summary>
    /// <param name="answers">How many answers that version gave in the window.</param>
    /// <param name="expected">Its error rate when it was deployed, between 0 and 1.</param>
    public static RetrainingProposal From(IFeedbackStore store, DateTimeOffset from, DateTimeOffset until, string modelVersion, int answers, double expected)
    {
        if (expected is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(expected), $"The expected error rate is {expected}, expected between 0 and 1.");
        Feedback[] corrections = [.. store.Read(from, until, modelVersion).Where(feedback => feedback.IsCorrection)];
        if (answers < 1 || corrections.Length > answers)
            throw new ArgumentException($"{corrections.Length} corrections of {answers} answers cannot be.", nameof(answers));
        return new(answers, corrections, (corrections.Length - answers * expected) / Math.Sqrt(answers * expected * (1 - expected)), AtLeast(corrections.Length, answers, expected));
    }

    /// <summary>P(X ≥ k) of a binomial X: Σ C(n, i) pⁱ (1 − p)ⁿ⁻ⁱ from i = k on.</summary>
    private static double AtLeast(int k, int n, double p)
    {
        double logTerm = n * Math.Log(1 - p), below = 0, tail = 0;
        for (int i = 0; i <= n; i++)
        {
            if (i < k)
                below += Math.Exp(logTerm);
            else
                tail += Math.Exp(logTerm);
            logTerm += Math.Log(n - i) - Math.Log(i + 1) + Math.Log(p) - Math.Log(1 - p);
        }
        return tail / (below + tail);
    }
}
