using System.Text.RegularExpressions;
using Course.Notebooks;

namespace Course.Classroom.Quizzes;

/// <summary>What a bank must keep beyond its format: it belongs to its chapter, covers it, and gives nothing away.</summary>
public static partial class QuizRules
{
    /// <summary>Items for each objective.</summary>
    public const int Least = 4;

    /// <summary>The right option may be the longest, or the shortest, in this share of the choices; by chance it would be in a third or a quarter.</summary>
    private const double LargestShare = 0.4;

    /// <summary>Everything that is wrong with a bank, each line naming item and field; empty when nothing is.</summary>
    /// <param name="notebook">The chapter of the bank.</param>
    public static IReadOnlyList<string> Problems(QuizBank bank, Notebook notebook)
    {
        var problems = new List<string>();
        var stated = Objectives(notebook);
        if (!bank.Objectives.SequenceEqual(stated))
            problems.Add($"objectives: the chapter states {string.Join(" | ", stated)}; the bank has {string.Join(" | ", bank.Objectives)}");
        for (int objective = 1; objective <= bank.Objectives.Count; objective++)
            if (bank.Items.Count(i => i.Objective == objective) is var count && count < Least)
                problems.Add($"objective {objective} has {count} items; it needs {Least} ({bank.Objectives[objective - 1]})");
        var cells = notebook.Cells.Where(c => c.Id is not null).ToDictionary(c => c.Id!);
        foreach (var item in bank.Items)
            foreach (string id in item.Cells)
                if (!cells.TryGetValue(id, out var cell))
                    problems.Add($"item {item.Id}, field cells: the notebook has no cell {id}");
                else if (cell.HasTag(CellTags.Teacher) || cell.HasTag(CellTags.Hidden))
                    problems.Add($"item {item.Id}, field cells: learners do not see {id}");
        var choices = bank.Items.OfType<ChoiceItem>().ToList();
        foreach (var (word, sign) in new[] { ("longest", 1), ("shortest", -1) })
            if (choices.Where(c => c.Wrong.All(w => sign * w.Text.Length < sign * c.Right.Length)).ToList() is var extreme && extreme.Count > LargestShare * choices.Count)
                problems.Add($"the right option is the {word} in {extreme.Count} of {choices.Count} choices, which gives it away: {string.Join(", ", extreme.Select(c => c.Id))}");
        foreach (var choice in choices.Where(c => c.Right.Length > 1.6 * c.Wrong.Max(w => w.Text.Length) && c.Right.Length > 25))
            problems.Add($"item {choice.Id}, field right: is far longer than every wrong option");
        return problems;
    }

    /// <summary>What is wrong with the code of a bank: computed numbers, solutions and stubs. Compiles every piece, so it takes seconds.</summary>
    public static IReadOnlyList<string> CodeProblems(QuizBank bank)
    {
        var problems = new List<string>();
        foreach (var item in bank.Items)
            if (item is NumberItem number)
            {
                try
                {
                    double computed = QuizCode.Number(number.Compute);
                    if (!number.Accepts(computed) || Math.Abs(computed - number.Answer) > 0.5 * number.Tolerance + 1e-9)
                        problems.Add(FormattableString.Invariant($"item {item.Id}, field answer: is {number.Answer}, but {number.Compute} is {computed}"));
                }
                catch (ClassroomException e)
                {
                    problems.Add($"item {item.Id}, field compute: {e.Message}");
                }
            }
            else if (item is CodeItem code)
            {
                if (!QuizCode.Passes(code, code.Solution, out string? problem))
                    problems.Add($"item {item.Id}, field solution: fails the check{(problem is null ? "" : $": {problem}")}");
                if (QuizCode.Passes(code, code.Stub, out problem))
                    problems.Add($"item {item.Id}, field stub: passes the check");
                else if (problem?.StartsWith("line ", StringComparison.Ordinal) == true)
                    problems.Add($"item {item.Id}, field stub: does not compile: {problem}");
            }
        return problems;
    }

    /// <summary>The objectives that a chapter states in its first cell, one to a line behind "able to", without markup.</summary>
    public static IReadOnlyList<string> Objectives(Notebook notebook)
    {
        string head = notebook.Cells.FirstOrDefault(c => c.IsMarkdown)?.Source.ReplaceLineEndings("\n") ?? "";
        int start = head.IndexOf("able to", StringComparison.Ordinal);
        return start < 0 ? [] : [.. head[start..].Split('\n').Skip(1).SkipWhile(l => l.Length == 0).TakeWhile(l => l.StartsWith("- ", StringComparison.Ordinal)).Select(l => Markup().Replace(l[2..], "").TrimEnd(',', '.', ';'))];
    }

    [GeneratedRegex(@"\*+|`")]
    private static partial Regex Markup();
}
