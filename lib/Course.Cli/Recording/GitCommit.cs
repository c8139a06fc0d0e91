namespace Course.Cli.Recording;

/// <summary>Which state of the repository a run measured.</summary>
internal static class GitCommit
{
    /// <summary>The short commit, with <c>+</c> when tracked files differ from it; <c>unknown</c> without git.</summary>
    public static string Of(string repository)
    {
        if (CommandOutput.FirstLine("git", ["rev-parse", "--short=10", "HEAD"], repository) is not { Length: > 0 } commit)
            return "unknown";
        // The record itself and the README change with every recorded notebook.
        string? changed = CommandOutput.FirstLine("git", ["status", "--porcelain", "--untracked-files=no", "--", ".", ":!data/*.json", ":!README.md"], repository);
        return changed is "" ? commit : commit + "+";
    }
}
