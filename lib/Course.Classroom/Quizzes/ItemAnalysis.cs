namespace Course.Classroom.Quizzes;

/// <summary>How one item did.</summary>
/// <param name="Learners">Sheets that were asked and could be marked.</param>
/// <param name="Difficulty">The share of right answers, p.</param>
/// <param name="Discrimination">
/// Point-biserial correlation between this item and the share of right answers to the others on the sheet; null where one of them does not vary.
/// </param>
/// <param name="Chosen">How often each option was chosen; empty for other kinds.</param>
/// <param name="Remark">What a teacher should look at; null when nothing stands out.</param>
public sealed record ItemResult(string Item, int Learners, double Difficulty, double? Discrimination, IReadOnlyDictionary<string, int> Chosen, string? Remark);

/// <summary>The sheets of one chapter and form.</summary>
/// <param name="Score">Mean share of right answers.</param>
public sealed record FormResult(string Chapter, string Form, int Sheets, double Score, IReadOnlyList<ItemResult> Items);

/// <summary>Classical item analysis: difficulty and discrimination, from answer sheets.</summary>
public static class ItemAnalysis
{
    /// <summary>With fewer sheets the numbers say little.</summary>
    public const int FewSheets = 20;

    /// <param name="bank">Gives the bank of a chapter.</param>
    /// <exception cref="ClassroomException">A sheet names an item or option that its bank does not have.</exception>
    public static IReadOnlyList<FormResult> Of(IReadOnlyList<AnswerSheet> sheets, Func<string, QuizBank> bank) =>
        [.. sheets.GroupBy(s => (s.Chapter, s.Form)).OrderBy(g => g.Key).Select(group => Form(group.Key.Chapter, group.Key.Form, [.. group], bank(group.Key.Chapter)))];

    private static FormResult Form(string chapter, string form, IReadOnlyList<AnswerSheet> sheets, QuizBank bank)
    {
        var items = bank.Items.ToDictionary(i => i.Id);
        var marked = sheets.Select(sheet => sheet.Answers.ToDictionary(a => a.Item, a => (Answer: a,
            Right: QuizMarking.Mark(items.TryGetValue(a.Item, out var item) ? item : throw new ClassroomException($"a sheet of {chapter} answers item {a.Item}, which the bank does not have"), a)))).ToList();
        var results = new List<ItemResult>();
        foreach (var item in bank.Items)
        {
            var pairs = marked.Where(m => m.TryGetValue(item.Id, out var a) && a.Right is not null)
                .Select(m => (Right: m[item.Id].Right!.Value ? 1.0 : 0, Others: Mean(m.Where(a => a.Key != item.Id && a.Value.Right is not null).Select(a => a.Value.Right!.Value ? 1.0 : 0)), m[item.Id].Answer.Answer)).ToList();
            if (pairs.Count == 0)
                continue;
            double p = Mean(pairs.Select(x => x.Right));
            double? r = Correlation([.. pairs.Select(x => x.Right)], [.. pairs.Select(x => x.Others)]);
            var chosen = item is ChoiceItem choice ? choice.Options.ToDictionary(o => o, o => pairs.Count(x => x.Answer == o)) : [];
            results.Add(new ItemResult(item.Id, pairs.Count, p, r, chosen, Remark(pairs.Count, p, r, chosen)));
        }
        return new FormResult(chapter, form, sheets.Count, Mean(marked.Select(m => Mean(m.Values.Where(a => a.Right is not null).Select(a => a.Right!.Value ? 1.0 : 0)))), results);
    }

    private static string? Remark(int learners, double p, double? r, IReadOnlyDictionary<string, int> chosen) =>
        learners < FewSheets ? $"few sheets (under {FewSheets})"
        : r < 0 ? "who knows more answers it less often: look for an ambiguity or a wrong key"
        : p < 0.2 ? "hard: fewer than chance would give, or not taught"
        : p > 0.95 ? "nearly all are right: it tells learners apart no longer"
        : r < 0.15 ? "tells little about the rest"
        : chosen.FirstOrDefault(c => c.Value == 0) is { Key: not null } never ? $"nobody chose \"{never.Key}\""
        : null;

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(0).Average();

    /// <summary>Pearson's r; of a variable with two values this is the point-biserial correlation.</summary>
    private static double? Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double spreadX = x.Sum(a => (a - meanX) * (a - meanX)), spreadY = y.Sum(b => (b - meanY) * (b - meanY));
        return spreadX < 1e-12 || spreadY < 1e-12 ? null : x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / Math.Sqrt(spreadX * spreadY);
    }
}
