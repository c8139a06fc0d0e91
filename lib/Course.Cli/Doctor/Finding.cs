using System.Text.Json.Serialization;

namespace Course.Cli.Doctor;

/// <summary>How one thing on the page stands.</summary>
internal enum Health
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Something optional is missing.</summary>
    [JsonStringEnumMemberName("optional")]
    Optional,

    /// <summary>Something needed is missing.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,
}

/// <summary>A line of the doctor's page.</summary>
/// <param name="Cure">The command that mends it, or what to do; null when nothing is to be done.</param>
internal sealed record Finding(string Name, Health Health, string Found, string? Cure = null)
{
    public static Finding Ok(string name, string found) => new(name, Health.Ok, found);

    public static Finding Optional(string name, string found, string cure) => new(name, Health.Optional, found, cure);

    public static Finding Missing(string name, string found, string cure) => new(name, Health.Missing, found, cure);
}
