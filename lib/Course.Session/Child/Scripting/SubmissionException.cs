namespace Course.Session.Child.Scripting;

/// <summary>A cell that cannot run as it stands: it does not compile, or a directive in it is wrong.</summary>
internal sealed class SubmissionException(string kind, string message, IReadOnlyList<string> details, int? line = null) : Exception(message)
{
    public string Kind { get; } = kind;
    public IReadOnlyList<string> Details { get; } = details;
    public int? Line { get; } = line;

    /// <param name="line">1-based line in the cell.</param>
    public static SubmissionException Directive(string cell, int line, string message) =>
        new("DirectiveError", message, [$"{cell}({line}): {message}"], line);
}
