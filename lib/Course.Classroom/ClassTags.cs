namespace Course.Classroom;

/// <summary>The tags by which a notebook says who sees a cell.</summary>
internal static class ClassTags
{
    public const string Exercise = "exercise", Solution = "solution", Check = "check", Teacher = "teacher", Setup = "setup";

    /// <summary>A test that learners do not see: the grader's variants of a check.</summary>
    public const string Hidden = "hidden";

    /// <summary>Cells that only the teacher's edition has.</summary>
    public static readonly string[] TeachersOnly = [Solution, Teacher, Hidden];
}
