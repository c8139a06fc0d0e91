using System.Globalization;

namespace Course.Runner;

/// <summary>One machine's part of a run that several share: <c>2/3</c> is the second of three.</summary>
/// <param name="Number">From 1 on.</param>
public sealed record Shard(int Number, int Count)
{
    /// <summary>Null when the text is none.</summary>
    public static Shard? Parse(string text) =>
        text.Split('/') is [var number, var count]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int all)
        && n >= 1 && n <= all ? new Shard(n, all) : null;

    /// <summary>Every item is in exactly one of the shards, neighbours in different ones.</summary>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> items) => [.. items.Where((_, i) => i % Count == Number - 1)];
}
