namespace Course.Runner;

/// <summary>Hears what happens during a run, by moment. Called from several threads.</summary>
public interface IRunObserver
{
    void OnNotebookStart(string path, int codeCells);

    /// <param name="position">1-based among the code cells.</param>
    void OnCellStart(string path, int position, int index);

    void OnCellEnd(string path, CellReport cell);

    void OnNotebookEnd(NotebookReport notebook);
}
