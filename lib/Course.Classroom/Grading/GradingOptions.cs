namespace Course.Classroom.Grading;

/// <summary>What holds for each submission. Each option is declared once, here, with its default.</summary>
public sealed record GradingOptions
{
    /// <summary>Whose libraries the sessions load.</summary>
    public string Engine { get; init; } = "managed";

    /// <summary>Submissions that are graded at the same time.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>For each cell of a learner's, and for each check of it.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For each cell of the teacher's.</summary>
    public TimeSpan CellLimit { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Of all processors together, for one session.</summary>
    public TimeSpan ProcessorLimit { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>
    /// Runs also answers that the policy refuses: for exercises that need files, threads or reflection, where the teacher trusts the
    /// class. Such an answer can forge its grade.
    /// </summary>
    public bool AnyApi { get; init; }

    /// <summary>How long an interrupted cell may take to stop before its session is ended.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes that one session may hold.</summary>
    public long MemoryLimit { get; init; } = 2L << 30;

    /// <summary>Characters that one cell may write or display.</summary>
    public long OutputLimit { get; init; } = 4_000_000;
}
