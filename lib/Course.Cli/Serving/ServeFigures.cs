using System.Text.Json;
using Course.Cli.Recording;

namespace Course.Cli.Serving;

/// <summary>One number of connections that ask as fast as they are answered.</summary>
/// <param name="Share">Requests a second beside those of the bare endpoint, as a fraction.</param>
internal sealed record Saturation(int Connections, double RequestsPerSecond, double P50Ms, double P99Ms, double BareRequestsPerSecond, double Share);

/// <summary>Requests at a fixed rate, whether or not the former ones are answered; times count from the moment at which each was due.</summary>
internal sealed record FixedRate(int Rate, double P50Ms, double P99Ms);

/// <summary>What <c>course bench serve</c> measures.</summary>
/// <param name="Saturation">Empty without wrk.</param>
/// <param name="ReadyMs">From the start of the process.</param>
/// <param name="Wrong">Checked answers of the fixed rate that were missing or differed from the model's.</param>
/// <param name="MemorySlopeMbPerMinute">Of the service's resident memory during the fixed rate.</param>
/// <param name="HandlesSlopePerMinute">Of its open handles then.</param>
/// <param name="ThreadsSlopePerMinute">Of its threads then.</param>
internal sealed record ServeFigures(Machine Machine, IReadOnlyList<Saturation> Saturation, FixedRate Fixed, double ReadyMs, int Wrong, double MemorySlopeMbPerMinute, double HandlesSlopePerMinute, double ThreadsSlopePerMinute)
{
    public string ToJson() => JsonSerializer.Serialize(this, new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true });
}
