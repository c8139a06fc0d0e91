namespace Course.Notebooks;

/// <summary>A file is no notebook that we can read. The message names the file, what was expected and what to do.</summary>
public sealed class NotebookFormatException(string path, string problem, int? line = null, Exception? inner = null)
    : Exception($"{path}{(line is null ? "" : $"({line})")}: {problem}", inner)
{
    public string Path { get; } = path;
    public string Problem { get; } = problem;

    /// <summary>1-based line in the file, where the parser could tell.</summary>
    public int? Line { get; } = line;
}
