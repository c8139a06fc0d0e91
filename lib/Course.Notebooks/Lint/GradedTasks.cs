using System.Text.RegularExpressions;

namespace Course.Notebooks.Lint;

/// <summary>
/// The graded tasks of a notebook: exercises that carry the tag <c>graded</c>. Two kinds: <i>predict, change, explain</i> is three
/// exercises that follow one another, with ids such as 3.8a, 3.8b, 3.8c; <i>beat the bar</i> is one whose check submits to a Bar.
/// </summary>
/// <param name="PredictChangeExplain">Tasks of three steps.</param>
/// <param name="BeatTheBar">Tasks judged on hidden data.</param>
/// <param name="Strays">Graded cells that belong to neither kind.</param>
public sealed partial record GradedTasks(int PredictChangeExplain, int BeatTheBar, IReadOnlyList<NotebookCell> Strays)
{
    public int Count => PredictChangeExplain + BeatTheBar;

    public static GradedTasks Of(Notebook notebook)
    {
        var cells = notebook.Cells;
        var strays = cells.Where(c => c.HasTag(CellTags.Graded) && !c.HasTag(CellTags.Exercise)).ToList();
        var exercises = cells.Where(c => c.HasTag(CellTags.Exercise)).ToList();
        int three = 0, bars = 0;
        for (int i = 0; i < exercises.Count; i++)
        {
            if (!exercises[i].HasTag(CellTags.Graded))
                continue;
            if (CheckOf(i).Contains(".Submit("))
                bars++;
            else if (IsStep(i, "a", "") && IsStep(i + 1, "b", Stem(i)) && IsStep(i + 2, "c", Stem(i)))
            {
                three++;
                i += 2;
            }
            else
                strays.Add(exercises[i]);
        }
        return new GradedTasks(three, bars, strays);

        string CheckOf(int exercise) => exercises[exercise].Index + 2 < cells.Count ? cells[exercises[exercise].Index + 2].Source : "";

        string Stem(int exercise) => Id().Match(CheckOf(exercise)).Groups["stem"].Value;

        bool IsStep(int exercise, string letter, string stem) =>
            exercise < exercises.Count && exercises[exercise].HasTag(CellTags.Graded) && Id().Match(CheckOf(exercise)) is { Success: true } match
            && match.Groups["step"].Value == letter && (stem == "" || match.Groups["stem"].Value == stem);
    }

    [GeneratedRegex(@"Exercise\.Check\(\s*""(?<stem>[^""]*?\d)(?<step>[a-c])""")]
    private static partial Regex Id();
}
