using Course.Session.Contract;

namespace Course.Session.Child;

/// <summary>What runs the cells in a session's process, and knows their language.</summary>
internal interface ICellRunner
{
    /// <summary>Prepares for the first cell, until it is there.</summary>
    /// <param name="ready">Called when a simple cell takes no longer than any other.</param>
    void WarmUp(Action ready, CancellationToken stop);

    /// <summary>Runs one cell on the calling thread. Its outputs go to the session's pipes.</summary>
    /// <exception cref="Exception">What the cell throws.</exception>
    void Run(CellRequest request, Interruption interruption);

    // The following may be called while a cell runs.

    Completions Complete(string code, int position);

    Inspection? Inspect(string code, int position);

    Completeness IsComplete(string code);
}
