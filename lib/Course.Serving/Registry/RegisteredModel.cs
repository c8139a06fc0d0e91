namespace Course.Serving;

/// <summary>One version in a registry.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Checksum">SHA-256 of its file.</param>
/// <param name="Metrics">Numbers measured before it was added.</param>
/// <param name="IsCurrent">True for the version in service.</param>
public sealed record RegisteredModel(string Version, string Checksum, IReadOnlyDictionary<string, double> Metrics, bool IsCurrent)
{
    /// <summary>SHA-256 of the data that it was trained on.</summary>
    public string DataHash { get; init; } = "not recorded";

    /// <summary>When it was added.</summary>
    public DateTimeOffset Added { get; init; }

    /// <summary>Who added it.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What is wrong with its file at first sight (missing, another length); null when nothing is. Its content is verified when it is loaded.</summary>
    public string? Problem { get; init; }
}

/// <summary>What happened to a registry.</summary>
public enum RegistryAction
{
    Add,
    Promote,
    RollBack,
}

/// <summary>One line of a registry's history.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Version">What was added or promoted; for a roll-back the version that came back.</param>
/// <param name="Time">By the clock of the process that did it.</param>
/// <param name="Actor">Who did it.</param>
public sealed record RegistryEvent(long Number, RegistryAction Action, string Version, DateTimeOffset Time, string Actor);
