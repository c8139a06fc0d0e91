namespace Course.Serving;

/// <summary>Limits of a <see cref="PredictionService"/>. Each one turns an overload into a clear answer instead of a slow death.</summary>
public sealed record ServiceOptions
{
    /// <summary>0 lets the operating system choose a free one; <see cref="PredictionService.Url"/> tells which.</summary>
    public int Port { get; init; }

    /// <summary>Requests are gathered until they bring this many inputs; a single larger request is computed whole.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>How long the first input of a batch may wait for company. Zero: take what is there.</summary>
    public TimeSpan BatchingDelay { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How many inputs may wait; one more is refused with 503, so that waiting time stays bounded.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>The most inputs that one request may bring.</summary>
    public int MaxInputsPerRequest { get; init; } = 256;

    /// <summary>The longest request body, in bytes; more is refused with 413 before it is read.</summary>
    public long MaxBodyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>A request that is not answered by then gets 504.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        if (Port is < 0 or > 65535) throw new ArgumentException($"Port is {Port}; it must lie between 0 (choose a free one) and 65535.");
        foreach (var (name, value) in new[] { (nameof(MaxBatch), (long)MaxBatch), (nameof(QueueCapacity), QueueCapacity), (nameof(MaxInputsPerRequest), MaxInputsPerRequest), (nameof(MaxBodyBytes), MaxBodyBytes) })
        {
            if (value < 1) throw new ArgumentException($"{name} is {value}; it must be at least 1.");
        }
        if (BatchingDelay < TimeSpan.Zero || RequestTimeout <= TimeSpan.Zero) throw new ArgumentException("BatchingDelay must not be negative, RequestTimeout must be positive.");
    }
}
