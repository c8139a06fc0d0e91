namespace Course.Base;

/// <summary>The MIME types by which cells tell the runner, the grader and the book more than a reader sees.</summary>
internal static class CourseMime
{
    public const string Prefix = "application/vnd.course.";

    public const string Check = Prefix + "check+json";
    public const string Number = Prefix + "number+json";
    public const string Exercise = Prefix + "exercise+json";
    /// <summary>The status in <see cref="Exercise"/> of one that its reader has not done.</summary>
    public const string NotDone = "not-done";

    /// <summary>The kind of device on which a notebook computes: cpu, cuda, opencl.</summary>
    public const string Device = Prefix + "device+json";

    public const string Leaks = Prefix + "leaks+json";
}
