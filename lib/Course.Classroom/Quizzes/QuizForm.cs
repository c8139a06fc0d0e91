namespace Course.Classroom.Quizzes;

/// <summary>Which items of a bank are asked.</summary>
public static class QuizForm
{
    public const string Pre = "pre", Post = "post", All = "all";

    /// <summary>
    /// Before the chapter one item for each objective, after it two others; no item stands in both, so that the first test does not
    /// train for the second. Without a form all items. Code is not asked before the chapter.
    /// </summary>
    public static IReadOnlyList<QuizItem> Items(QuizBank bank, string form) =>
        [.. bank.Items.GroupBy(i => i.Objective).OrderBy(g => g.Key).SelectMany(objective =>
        {
            var drawn = Shuffled([.. objective], i => i.Id);
            var before = drawn.Where(i => i is not CodeItem).Take(1);
            return form switch
            {
                Pre => before,
                Post => drawn.Except(before).Take(2),
                _ => objective,
            };
        })];

    /// <summary>An order that looks like chance and is the same everywhere: by the FNV-1a hash of a key.</summary>
    internal static IReadOnlyList<T> Shuffled<T>(IReadOnlyList<T> values, Func<T, string> key) => [.. values.OrderBy(v => Hash(key(v))).ThenBy(key, StringComparer.Ordinal)];

    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
            hash = (hash ^ c) * 16777619;
        // The last characters move only the low bits of FNV; mixed, they move all.
        hash = (hash ^ hash >> 16) * 0x45d9f3b;
        return (hash ^ hash >> 16) * 0x45d9f3b;
    }
}
