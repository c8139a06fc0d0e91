using System.Text.Json.Nodes;
using Course.Notebooks;

namespace Course.Classroom.Editions;

/// <summary>
/// What nbgrader reads in the metadata of a cell, schema 3: an exercise is an autograded answer, its check are the tests that give
/// points, everything else is locked.
/// </summary>
internal static class NbgraderMetadata
{
    public const string Key = "nbgrader";
    private const int Schema = 3;

    /// <param name="points">What the cell's tests are worth; null for a cell that gives none.</param>
    public static void Write(NotebookCell cell, int? points)
    {
        bool answer = cell.HasTag(CellTags.Exercise);
        var data = new JsonObject
        {
            ["grade"] = points is not null,
            ["grade_id"] = cell.Id,
            ["locked"] = !answer,
            ["schema_version"] = Schema,
            ["solution"] = answer,
            ["task"] = false,
        };
        if (points is not null)
            data["points"] = points;
        cell.Metadata[Key] = data;
    }
}
