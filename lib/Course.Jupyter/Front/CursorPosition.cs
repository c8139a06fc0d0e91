namespace Course.Jupyter.Front;

/// <summary>Jupyter counts Unicode characters where C# counts UTF-16 units.</summary>
internal static class CursorPosition
{
    public static int ToUtf16(string text, int characters)
    {
        int at = 0;
        for (; characters > 0 && at < text.Length; characters--)
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        return at;
    }

    public static int FromUtf16(string text, int units)
    {
        int characters = 0;
        for (int at = 0; at < Math.Min(units, text.Length); characters++)
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        return characters;
    }
}
