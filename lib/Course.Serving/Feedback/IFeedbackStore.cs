namespace Course.Serving;

/// <summary>What somebody said about one answer.</summary>
/// <param name="RequestId">Which answer; a request has at most one feedback.</param>
/// <param name="ModelVersion">Which version gave the answer.</param>
/// <param name="Answer">The label that was answered.</param>
/// <param name="Truth">The right label; null when the user only confirmed nothing, for example skipped the question.</param>
/// <param name="Time">When it arrived; set by the store.</param>
public sealed record Feedback(string RequestId, string ModelVersion, string Answer, string? Truth, DateTimeOffset Time = default)
{
    /// <summary>The raw input, when the user agreed that it is kept; else null.</summary>
    public IReadOnlyList<float>? Input { get; init; }

    /// <summary>True when the truth is known and another one than the answer.</summary>
    public bool IsCorrection => Truth is not null && Truth != Answer;
}

/// <summary>Keeps feedback. Safe to use from several threads and processes.</summary>
public interface IFeedbackStore
{
    /// <summary>Keeps one feedback; when this returns it is on the disk.</summary>
    /// <returns>False when the request has feedback already, which stays as it is: a client may send again.</returns>
    /// <exception cref="StoreException">It could not be kept.</exception>
    bool Append(Feedback feedback);

    /// <summary>Feedback that arrived from <paramref name="from"/> on and before <paramref name="until"/>, oldest first.</summary>
    /// <param name="modelVersion">Only of this version; null for all.</param>
    /// <exception cref="StoreException">It could not be read.</exception>
    IReadOnlyList<Feedback> Read(DateTimeOffset from, DateTimeOffset until, string? modelVersion = null);
}
