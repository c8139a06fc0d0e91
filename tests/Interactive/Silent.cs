using Course.Runner;

namespace Course.Interactive.Tests;

/// <summary>Whoever compares the outputs need not see the run.</summary>
internal sealed class Silent : IRunObserver
{
    public void OnNotebookStart(string path, int codeCells) { }

    public void OnCellStart(string path, int position, int index) { }

    public void OnCellEnd(string path, CellReport cell) { }

    public void OnNotebookEnd(NotebookReport notebook) { }
}
