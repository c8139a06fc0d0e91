using System.Text.RegularExpressions;

namespace Course.Notebooks;

/// <summary>What nbformat 4.5 allows as the id of a cell: 1 to 64 letters, digits, '-' or '_'.</summary>
internal static partial class CellId
{
    public static bool IsValid(string? id) => id is not null && Pattern().IsMatch(id);

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Pattern();
}
