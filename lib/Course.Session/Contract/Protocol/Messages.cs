namespace Course.Session.Contract.Protocol;

/// <summary>What host and session say to each other. Answers carry the id of their question.</summary>
internal abstract record Message;

// Session to host.

internal sealed record Hello(int ProcessId) : Message;

/// <summary>The compiler has started: from now on a cell takes its own time only. Not sent when a cell came before.</summary>
internal sealed record Warm : Message;

/// <param name="Mark">The mark in both output pipes behind which this output belongs.</param>
internal sealed record Output(CellOutput Content, long Mark) : Message;

internal sealed record Done(int Id, CellStatus Status, ErrorOutput? Error, double Seconds, long Mark) : Message;

/// <summary>Sent at once when an interruption is asked for: the statement that runs, should it never come back.</summary>
internal sealed record Whereabouts(int Id, int Line) : Message;

internal sealed record Completed(int Id, Completions Completions) : Message;

internal sealed record Inspected(int Id, Inspection? Inspection) : Message;

internal sealed record CompletenessKnown(int Id, Completeness Completeness) : Message;

internal sealed record NeedInput(string Prompt, bool IsPassword, long Mark) : Message;

// Host to session.

internal sealed record Execute(int Id, CellRequest Request) : Message;

internal sealed record Interrupt(int Id) : Message;

internal sealed record Complete(int Id, string Code, int Position) : Message;

internal sealed record Inspect(int Id, string Code, int Position) : Message;

internal sealed record IsComplete(int Id, string Code) : Message;

/// <param name="Mark">The mark of the question that this answers.</param>
internal sealed record Input(long Mark, string? Text) : Message;
