namespace Course.Cli.Running;

/// <summary>.NET Interactive's own kernel as the program of a session: Course.Interactive, which is built with the solution.</summary>
internal static class InteractiveKernel
{
    public const string Name = "dotnet-interactive";

    /// <exception cref="WrongUseException">It was not built; says how to build it.</exception>
    public static string Find(string? repository)
    {
        if (repository is null)
            throw new WrongUseException($"--kernel {Name} uses the repository's Course.Interactive; run it inside the repository.");
        string program = Path.Combine(repository, "artifacts", "interactive", "Course.Interactive.dll");
        return File.Exists(program) ? program : throw new WrongUseException(
            $"--kernel {Name} needs Course.Interactive, and {program} does not exist. Build it once: dotnet build lib/Course.Interactive. Or leave the option out: the course's own kernel runs the same notebooks.");
    }
}
