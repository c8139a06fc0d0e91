using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Course.Kernel.Session.Display;

/// <summary>Values as text: scalars as they print, sequences element by element, everything else by its own <c>ToString</c>.</summary>
internal static class PlainText
{
    public const string Null = "<null>";
    private const int MostItems = 100;
    private const int Deepest = 4;

    public static string Of(object? value) => value is string text ? text : Of(value, 0);

    private static string Of(object? value, int depth) => value switch
    {
        null => Null,
        string text => text,
        char c => c.ToString(),
        Exception e => $"{e.GetType()}: {e.Message}",
        Type type => type.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ITuple tuple => Tuple(tuple, depth),
        IDictionary map => List('{', '}', Entries(map).Select(e => $"{Of(e.Key, depth + 1)}: {Of(e.Value, depth + 1)}"), map.Count, depth),
        IEnumerable items when !HasOwnText(value) => List('[', ']', items.Cast<object?>().Select(i => Of(i, depth + 1)), (items as ICollection)?.Count, depth),
        _ => value.ToString() ?? Null,
    };

    /// <summary>A type that overrides ToString knows better than a list of its elements.</summary>
    private static bool HasOwnText(object value) =>
        value.GetType().GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType is { } declaring && declaring != typeof(object) && declaring != typeof(ValueType);

    private static string Tuple(ITuple tuple, int depth) =>
        "(" + string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i], depth + 1))) + ")";

    private static IEnumerable<DictionaryEntry> Entries(IDictionary map)
    {
        for (var entries = map.GetEnumerator(); entries.MoveNext();)
            yield return entries.Entry;
    }

    private static string List(char open, char close, IEnumerable<string> items, int? count, int depth)
    {
        if (depth >= Deepest)
            return $"{open} … {close}";
        var text = new StringBuilder().Append(open);
        var shown = 0;
        foreach (var item in items)
        {
            text.Append(shown == 0 ? " " : ", ");
            if (shown++ == MostItems)
            {
                text.Append(count is null ? "…" : string.Create(CultureInfo.InvariantCulture, $"… {count - MostItems} more"));
                break;
            }
            text.Append(item);
        }
        return text.Append(shown == 0 ? "" : " ").Append(close).ToString();
    }
}
