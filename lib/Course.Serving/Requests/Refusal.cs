namespace Course.Serving;

/// <summary>Why a request is not answered: a status and sentences for its sender, without anything of the inside.</summary>
/// <param name="Status">HTTP status; 4xx, change the request; 5xx or 429, try again later.</param>
/// <param name="Title">The kind of refusal in a few words, always the same for one kind.</param>
/// <param name="Detail">What was found, and what to do.</param>
internal sealed record Refusal(int Status, string Title, string Detail)
{
    /// <summary>Seconds after which to try again; null when trying again does not help.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The connection is closed after the answer: what is still to come of the request is not read.</summary>
    public bool Close { get; init; }

    public static Refusal QueueFull(int capacity) =>
        new(503, "Queue full", $"{capacity} inputs are waiting already; try again in a moment.") { RetryAfter = 1 };

    public static Refusal Busy { get; } =
        new(503, "Busy", "Too many large requests are being read; try again in a moment, or send fewer inputs at once.") { RetryAfter = 1, Close = true };

    public static Refusal Stopping { get; } = new(503, "Stopping", "The service is stopping and takes no more inputs.") { RetryAfter = 1, Close = true };

    public static Refusal Failed { get; } = new(500, "Internal error", "The prediction failed. The service goes on; other inputs may work.");

    public static Refusal TooSlow(TimeSpan limit) =>
        new(504, "Too slow", FormattableString.Invariant($"No answer within {limit.TotalSeconds} s.")) { RetryAfter = 1 };

    public static Refusal Unreadable(string detail) => new(400, "Not valid JSON", detail);

    public static Refusal Unprocessable(string detail) => new(422, "Input refused", detail);

    public static Refusal MediaType(string detail) => new(415, "Unsupported media type", detail);
}
