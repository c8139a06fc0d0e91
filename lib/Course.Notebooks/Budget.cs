using System.Globalization;
using System.Text.Json.Nodes;

namespace Course.Notebooks;

/// <summary>
/// What a notebook or a cell says that it may take: tags <c>timeout:120</c> (seconds) and <c>memory:2000</c> (megabytes) of a cell,
/// or <c>{"course": {"timeout": 120, "memory": 2000}}</c> in the metadata of a cell or of the notebook.
/// </summary>
/// <param name="Timeout">After it the cell, or the notebook, is stopped.</param>
/// <param name="MemoryMb">What the session's process may hold at most while the cell runs; a notebook's counts for each of its cells.</param>
public sealed record Budget(TimeSpan? Timeout, double? MemoryMb)
{
    public static Budget None { get; } = new(null, null);

    /// <exception cref="NotebookFormatException">A budget is no positive number; names the cell.</exception>
    public static Budget Of(Notebook notebook) => Of(notebook.Metadata, [], notebook.Path, "the notebook's metadata");

    /// <inheritdoc cref="Of(Notebook)"/>
    public static Budget Of(Notebook notebook, NotebookCell cell) =>
        Of(cell.Json["metadata"] as JsonObject, cell.Tags, notebook.Path, $"cell {cell.Id ?? cell.Index.ToString(CultureInfo.InvariantCulture)}");

    private static Budget Of(JsonObject? metadata, IReadOnlyList<string> tags, string path, string where)
    {
        var course = metadata?["course"] as JsonObject;
        double? Number(string prefix)
        {
            string? text = tags.FirstOrDefault(t => t.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..] ?? course?[prefix.TrimEnd(':')]?.ToJsonString();
            if (text is null)
                return null;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && value <= 1e6 ? value
                : throw new NotebookFormatException(path, $"{where}: {prefix}{text} is no budget; expected a positive number of {(prefix == CellTags.TimeoutPrefix ? "seconds" : "megabytes")}");
        }
        return new Budget(Number(CellTags.TimeoutPrefix) is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Number(CellTags.MemoryPrefix));
    }
}
