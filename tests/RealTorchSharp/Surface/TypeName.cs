namespace RealTorchSharp.Tests.Surface;

/// <summary>A type as the member list writes it: a short name, its arguments, and what follows (<c>[]</c>, <c>[,]</c>, <c>?</c>).</summary>
internal sealed record TypeName(string Name, IReadOnlyList<TypeName> Arguments, IReadOnlyList<string> Suffixes, bool IsReference)
{
    public static TypeName Parse(string text)
    {
        int at = 0;
        TypeName type = Parse(text, ref at);
        return at == text.Length ? type : throw new FormatException($"'{text}' is no type: '{text[at..]}' is left over");
    }

    private static TypeName Parse(string text, ref int at)
    {
        bool reference = text.AsSpan(at).StartsWith("ref ");
        if (reference) at += 4;
        int start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_')) at++;
        string name = text[start..at];
        if (name.Length == 0) throw new FormatException($"'{text}' has no type at position {start}");
        var arguments = new List<TypeName>();
        if (at < text.Length && text[at] == '<')
        {
            do
            {
                at += text[at] == '<' ? 1 : 2;
                arguments.Add(Parse(text, ref at));
            }
            while (text[at] == ',');
            at++;
        }
        var suffixes = new List<string>();
        while (at < text.Length && text[at] is '[' or '?')
        {
            int end = text[at] == '?' ? at : text.IndexOf(']', at);
            suffixes.Add(text[at..(end + 1)]);
            at = end + 1;
        }
        return new(name, arguments, suffixes, reference);
    }
}
