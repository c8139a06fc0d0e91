namespace Course.Serving;

/// <summary>One offered load; the middle of three rounds.</summary>
/// <param name="Rate">Requests a second that were offered.</param>
/// <param name="AnsweredPerSecond">Requests a second that were answered.</param>
/// <param name="P50Ms">Median time from the moment at which a request was due, in milliseconds.</param>
/// <param name="P99Ms">The time that one request in a hundred exceeds, in milliseconds.</param>
/// <param name="Failed">Requests without a right answer.</param>
public sealed record KneePoint(double Rate, double AnsweredPerSecond, double P50Ms, double P99Ms, int Failed);

/// <summary>Latency against load of replicas behind a proxy, with the generator of the load on the same machine.</summary>
/// <param name="Machine">On which it was measured.</param>
/// <param name="Date">Of the measurement, as year-month-day.</param>
/// <param name="Proxy">Before the replicas.</param>
/// <param name="Replicas">Processes of the service.</param>
/// <param name="Model">Name and version.</param>
/// <param name="Seconds">That each load was offered for, three times; behind the knee the queue grows as long as it lasts.</param>
/// <param name="Capacity">Requests a second that 64 connections get answered which ask as fast as they can.</param>
/// <param name="Points">In the order of their rates.</param>
public sealed record KneeRecord(string Machine, string Date, string Proxy, int Replicas, string Model, double Seconds, double Capacity, IReadOnlyList<KneePoint> Points)
{
    /// <summary>What was measured last: <c>course serve replicas MODEL --knee --json > data/last-knee.json</c>.</summary>
    public static KneeRecord Last => MeasurementFile.Last<KneeRecord>("last-knee.json");

    /// <summary>As the file keeps it.</summary>
    public string ToJson() => MeasurementFile.Text(this);
}
