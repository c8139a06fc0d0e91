namespace Course.Notebooks;

/// <summary>The tags of cells that mean something to the course.</summary>
public static class CellTags
{
    /// <summary>The cell passes when it throws or does not compile.</summary>
    public const string RaisesException = "raises-exception";

    public const string SkipExecution = "skip-execution";

    /// <summary>What the book leaves out.</summary>
    public const string RemoveCell = "remove-cell", RemoveInput = "remove-input", RemoveOutput = "remove-output";

    public const string Exercise = "exercise", Solution = "solution", Check = "check", Graded = "graded";

    /// <summary>A test that learners do not see: the grader's variants of a check.</summary>
    public const string Hidden = "hidden";

    /// <summary>Seen in the teacher's edition only.</summary>
    public const string Teacher = "teacher";

    public const string Setup = "setup";

    /// <summary>What it shows differs from run to run.</summary>
    public const string Varies = "varies";

    /// <summary>Papermill's: what a run may set, and the cell with what it set.</summary>
    public const string Parameters = "parameters", InjectedParameters = "injected-parameters";

    /// <summary>Followed by <see cref="Gpu"/>, <see cref="DataPrefix"/> and the name of a data set, or the id of a package.</summary>
    public const string RequiresPrefix = "requires:";

    public const string Gpu = "gpu", DataPrefix = "data:";

    /// <summary>Followed by a row of the syllabus, which the cell asserts.</summary>
    public const string RowPrefix = "row:";

    /// <summary>Followed by seconds, by megabytes.</summary>
    public const string TimeoutPrefix = "timeout:", MemoryPrefix = "memory:";
}
