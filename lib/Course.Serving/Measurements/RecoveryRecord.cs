namespace Course.Serving;

/// <summary>A fault that a test injects.</summary>
/// <param name="Name">What was done to the service.</param>
/// <param name="Meanwhile">What others saw while it lasted.</param>
/// <param name="BackMs">Milliseconds from the end of the fault until the next good answer, or the next promotion.</param>
/// <param name="Test">Class and name of the test.</param>
public sealed record RecoveredFault(string Name, string Meanwhile, double BackMs, string Test);

/// <summary>How soon the service is back after each fault.</summary>
/// <param name="Date">Of the measurement, as year-month-day.</param>
/// <param name="Machine">On which it was measured.</param>
/// <param name="Faults">In the order of their names.</param>
public sealed record RecoveryRecord(string Date, string Machine, IReadOnlyList<RecoveredFault> Faults)
{
    /// <summary>
    /// What the tests measured last: <c>COURSE_SURVIVAL=full COURSE_RECOVERY_TABLE=data/last-recovery.json dotnet test</c> of
    /// tests/Course.Serving and tests/Course.Cli.
    /// </summary>
    public static RecoveryRecord Last => MeasurementFile.Last<RecoveryRecord>("last-recovery.json");

    /// <summary>Reads such a record.</summary>
    public static RecoveryRecord Parse(string text) => MeasurementFile.Parse<RecoveryRecord>(text);

    /// <summary>As the file keeps it.</summary>
    public string ToJson() => MeasurementFile.Text(this);
}
