using System.Text.Json.Nodes;

namespace Course.Notebooks.Clean;

/// <summary>Mends what an editor leaves behind, so that a diff shows only what the author changed.</summary>
public static class NotebookClean
{
    // What a cell's metadata may keep; editors add their own state beside it.
    private static readonly HashSet<string> CellMetadata = ["tags", "polyglot_notebook", "dotnet_interactive", "slideshow", "course"];
    private static readonly HashSet<string> NotebookMetadata = ["kernelspec", "language_info", "polyglot_notebook", "course"];

    /// <summary>
    /// Strips outputs, execution counts and editor state, sets the course's metadata and what each cell is on slides, gives every cell a valid unique id
    /// (existing good ids stay) and makes line ends LF.
    /// </summary>
    /// <returns>What was changed, one line a kind; empty when the notebook was clean.</returns>
    public static IReadOnlyList<string> Clean(Notebook notebook)
    {
        var changes = new List<string>();
        void Count(int number, string what)
        {
            if (number > 0)
                changes.Add($"{what}: {number}");
        }

        if (notebook.FormatMinor < 5)
        {
            notebook.Root["nbformat_minor"] = 5;
            changes.Add("format: now nbformat 4.5");
        }
        Count(SetMetadata(notebook), "notebook metadata set");
        Count(notebook.Cells.Count(StripOutputs), "outputs stripped");
        Count(notebook.Cells.Count(StripMetadata), "editor metadata removed");
        Count(notebook.Cells.Count(UnixLineEnds), "line ends mended");
        Count(notebook.Cells.Count(SlideType.Set), "slide types set");
        Count(MendIds(notebook), "ids given");
        return changes;
    }

    private static int SetMetadata(Notebook notebook)
    {
        int changed = 0;
        foreach (string extra in notebook.Metadata.Select(p => p.Key).Where(k => !NotebookMetadata.Contains(k)).ToList())
        {
            notebook.Metadata.Remove(extra);
            changed++;
        }
        foreach (var (name, value) in Notebook.CourseMetadata())
            if (!JsonNode.DeepEquals(notebook.Metadata[name], value))
            {
                notebook.Metadata[name] = value!.DeepClone();
                changed++;
            }
        return changed;
    }

    private static bool StripOutputs(NotebookCell cell)
    {
        if (!cell.IsCode)
            return false;
        bool dirty = cell.Json["outputs"] is JsonArray { Count: > 0 } || cell.Json["execution_count"] is not null;
        cell.Json["outputs"] = new JsonArray();
        cell.Json["execution_count"] = null;
        return dirty;
    }

    private static bool StripMetadata(NotebookCell cell)
    {
        var extra = cell.Metadata.Select(p => p.Key).Where(k => !CellMetadata.Contains(k)).ToList();
        foreach (string key in extra)
            cell.Metadata.Remove(key);
        return extra.Count > 0;
    }

    private static bool UnixLineEnds(NotebookCell cell)
    {
        if (!cell.Source.Contains('\r'))
            return false;
        cell.Source = cell.Source.ReplaceLineEndings("\n");
        return true;
    }

    private static int MendIds(Notebook notebook)
    {
        int mended = 0;
        var taken = new HashSet<string>();
        foreach (var cell in notebook.Cells)
        {
            if (CellId.IsValid(cell.Id) && taken.Add(cell.Id!))
                continue;
            string fresh;
            do
                fresh = Guid.NewGuid().ToString("N")[..8];
            while (!taken.Add(fresh));
            cell.Id = fresh;
            mended++;
        }
        return mended;
    }
}
