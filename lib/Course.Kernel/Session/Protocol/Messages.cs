namespace Course.Kernel.Session.Protocol;

/// <summary>What host and session say to each other. Answers carry the id of their question.</summary>
abstract record Message;

// Session to host.

sealed record Hello(int ProcessId) : Message;

/// <summary>The compiler has started: from now on a cell takes its own time only. Not sent when a cell came before.</summary>
sealed record Warm : Message;

/// <param name="Mark">The mark in both output pipes behind which this output belongs.</param>
sealed record Output(CellOutput Content, long Mark) : Message;

sealed record Done(int Id, CellStatus Status, ErrorOutput? Error, double Seconds, long Mark) : Message;

/// <summary>Sent at once when an interruption is asked for: the statement that runs, should it never come back.</summary>
sealed record Whereabouts(int Id, int Line) : Message;

sealed record Completed(int Id, Completions Completions) : Message;

sealed record Inspected(int Id, Inspection? Inspection) : Message;

sealed record CompletenessKnown(int Id, Completeness Completeness) : Message;

sealed record NeedInput(string Prompt, bool IsPassword, long Mark) : Message;

// Host to session.

sealed record Execute(int Id, CellRequest Request) : Message;

sealed record Interrupt(int Id) : Message;

sealed record Complete(int Id, string Code, int Position) : Message;

sealed record Inspect(int Id, string Code, int Position) : Message;

sealed record IsComplete(int Id, string Code) : Message;

sealed record Input(string? Text) : Message;
