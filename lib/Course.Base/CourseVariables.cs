namespace Course.Base;

/// <summary>The environment variables by which the course's programs are told, each named once.</summary>
internal static class CourseVariables
{
    public const string Prefix = "COURSE_";

    public const string Profile = "COURSE_PROFILE", Device = "COURSE_DEVICE", Seed = "COURSE_SEED", Download = "COURSE_DOWNLOAD", Data = "COURSE_DATA";

    /// <summary>Which folder answers <c>artifacts/lib</c>: that of the run's engine.</summary>
    public const string Engine = "COURSE_ENGINE";

    /// <summary>Asks a session to tell what tensors each cell left behind.</summary>
    public const string Leaks = "COURSE_LEAKS";

    /// <summary>Marks all that a session starts.</summary>
    public const string Session = "COURSE_SESSION";

    /// <summary>The folders that <see cref="Data"/> names, as full paths; relative ones are meant from the checkout.</summary>
    /// <param name="root">The checkout; without one, relative paths are meant from the working folder.</param>
    public static IReadOnlyList<string> DataFolders(string? root) => [.. (Environment.GetEnvironmentVariable(Data) ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(folder => Path.GetFullPath(folder, root ?? Directory.GetCurrentDirectory()))];
}
