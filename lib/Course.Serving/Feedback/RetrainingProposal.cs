namespace Course.Serving;

/// <summary>Whether corrections call for a retraining: there are more of them than chance explains.</summary>
/// <param name="Answers">Answers given in the window.</param>
/// <param name="Corrections">Those that were corrected.</param>
/// <param name="Excess">Corrections beyond the expected ones, in standard deviations.</param>
public sealed record RetrainingProposal(int Answers, IReadOnlyList<Feedback> Corrections, double Excess)
{
    /// <summary>Beyond three standard deviations, which one quiet window in about 700 reaches.</summary>
    public bool IsDue => Excess > 3;

    /// <summary>Reads a window of feedback to the version in service.</summary>
    /// <param name="answers">How many answers that version gave in the window.</param>
    /// <param name="expected">Its error rate when it was deployed, between 0 and 1.</param>
    public static RetrainingProposal From(IFeedbackStore store, DateTimeOffset from, DateTimeOffset until, string modelVersion, int answers, double expected)
    {
        if (expected is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(expected), $"The expected error rate is {expected}, expected between 0 and 1.");
        Feedback[] corrections = [.. store.Read(from, until, modelVersion).Where(feedback => feedback.IsCorrection)];
        if (answers < 1 || corrections.Length > answers) throw new ArgumentException($"{corrections.Length} corrections of {answers} answers cannot be.", nameof(answers));
        return new(answers, corrections, (corrections.Length - answers * expected) / Math.Sqrt(answers * expected * (1 - expected)));
    }
}
