using System.Text.Json.Nodes;

namespace Course.Session.Contract;

/// <summary>Something that a cell shows, as nbformat and the Jupyter protocol know it.</summary>
public abstract record CellOutput;

/// <param name="Name">stdout or stderr.</param>
public sealed record StreamOutput(string Name, string Text) : CellOutput;

/// <param name="Data">MIME type to content: a string, or JSON for types that end in json.</param>
/// <param name="DisplayId">Set when the output may be updated later.</param>
public sealed record DisplayData(JsonObject Data, JsonObject Metadata, string? DisplayId = null) : CellOutput;

/// <summary>Replaces the content of every output shown with the same <paramref name="DisplayId"/>.</summary>
public sealed record UpdateDisplay(JsonObject Data, JsonObject Metadata, string DisplayId) : CellOutput;

/// <summary>The value of the cell's last expression.</summary>
public sealed record ExecuteResult(JsonObject Data, JsonObject Metadata) : CellOutput;

/// <param name="Name">The exception's type without namespace, or <c>CompilationError</c>, <c>DirectiveError</c>, <c>Interrupted</c>, <c>SessionDied</c>.</param>
/// <param name="Traceback">Lines for a reader; frames of the cell's own code say the cell and its line.</param>
/// <param name="Line">1-based line within the cell's source, where known.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback, int? Line = null) : CellOutput;

/// <summary>Removes the outputs shown so far; with <paramref name="Wait"/> only when the next one arrives.</summary>
public sealed record ClearOutput(bool Wait) : CellOutput;
