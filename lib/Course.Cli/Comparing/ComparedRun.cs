using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Cli.Recording;
using Course.Runner;

namespace Course.Cli.Comparing;

/// <summary>What can be compared of a run, wherever it was kept.</summary>
/// <param name="Path">The file it was read from.</param>
/// <param name="Notebooks">By path, relative to the repository.</param>
internal sealed record ComparedRun(string Path, string Profile, string Engine, string Device, IReadOnlyDictionary<string, ComparedNotebook> Notebooks)
{
    /// <summary>Reads a <c>report.json</c>, the folder of a run that holds one, or a record that <c>run --record</c> wrote.</summary>
    /// <exception cref="WrongUseException">There is no such file, or it is neither; names the file and what to give instead.</exception>
    public static ComparedRun Read(string path)
    {
        string file = Directory.Exists(path) ? System.IO.Path.Combine(path, "report.json") : path;
        if (!File.Exists(file))
            throw new WrongUseException($"{file} does not exist; give a report.json, or a folder that `course run --out FOLDER` wrote.");
        try
        {
            string text = File.ReadAllText(file);
            return JsonNode.Parse(text) is JsonObject json && json.ContainsKey("machine") ? Of(RunRecord.Read(file), file) : Of(RunReport.FromJson(text), file);
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? FormattableString.Invariant($", line {line + 1}") : "";
            throw new WrongUseException($"{file}{where} is no report of a run; give the report.json of `course run`, or a record of `course run --record`.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongUseException($"{file} cannot be read: {e.Message}");
        }
    }

    private static ComparedRun Of(RunReport report, string file) => report.Notebooks is null || report.Notebooks.Any(n => n?.Cells is null)
        ? throw new JsonException("The report has no notebooks.")
        : new(file, report.Profile, report.Engine, report.Device, report.Notebooks.ToDictionary(n => n.Path, n => new ComparedNotebook(
            n.Status,
            [.. n.Cells.Select(cell => new ComparedCell(cell.Id ?? FormattableString.Invariant($"cell[{cell.Index}]"), cell.Status))],
            RecordedNotebook.Of(n, "", default, 1).Numbers)));

    private static ComparedRun Of(RunRecord record, string file) =>
        new(file, record.Profile, record.Engine, record.Device, record.Notebooks.ToDictionary(n => n.Path, n => new ComparedNotebook(n.Status, [], n.Numbers)));
}

/// <param name="Cells">Empty where the file keeps no cells.</param>
/// <param name="Numbers">What the cells recorded, by name.</param>
internal sealed record ComparedNotebook(RunStatus Status, IReadOnlyList<ComparedCell> Cells, IReadOnlyDictionary<string, double> Numbers);

/// <param name="Id">The cell's id, or <c>cell[3]</c> where it has none.</param>
internal sealed record ComparedCell(string Id, RunStatus Status);
