using System.Text.RegularExpressions;
using Course.Notebooks;

namespace Notebooks.Tests;

/// <summary>The id that an exercise's check names: <c>Exercise.Check("3.2", …)</c>.</summary>
internal static partial class ExerciseIds
{
    public static string Of(NotebookCell check) => Pattern().Match(check.Source) is { Success: true } match
        ? match.Groups["id"].Value
        : throw new InvalidDataException($"cell {check.Index} ({check.Id}) is tagged 'check' but calls no Exercise.Check(\"id\", …)");

    [GeneratedRegex(@"Exercise\.Check\(\s*""(?<id>[^""]+)""")]
    private static partial Regex Pattern();
}
