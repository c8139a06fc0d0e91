namespace Course.Cli.Serving;

/// <summary>
/// A reverse proxy before replicas, in turn. A request that a replica did not answer, or refused with 503, goes to the next one: a
/// prediction changes nothing, so it may be asked for twice.
/// </summary>
internal interface IFront : IAsyncDisposable
{
    /// <summary>What it is, for readers.</summary>
    string Name { get; }

    Uri Url { get; }

    /// <summary>How often a request had to be sent to a further replica.</summary>
    Task<int> RetriedAsync();

    /// <summary>From now on requests go to these.</summary>
    Task UseAsync(IReadOnlyList<Uri> replicas);
}
