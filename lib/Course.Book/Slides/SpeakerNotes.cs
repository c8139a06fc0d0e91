using System.Text.RegularExpressions;

namespace Course.Book.Slides;

/// <summary>The teacher's notes, dealt out to the slides that they speak of.</summary>
internal static partial class SpeakerNotes
{
    /// <summary>Sentences of the notes that name a section, by its number such as 3.2.</summary>
    public static ILookup<string, string> BySection(string notes) =>
        notes.Split('\n').SelectMany(line => Sentence().Split(line)).Select(s => s.Trim())
            .SelectMany(sentence => Section().Matches(sentence).Select(m => m.Groups[1].Value).Distinct().Select(number => (number, sentence)))
            .ToLookup(p => p.number, p => p.sentence);

    /// <summary>The number that a heading begins with, or "".</summary>
    public static string NumberOf(string markdown) => Heading().Match(markdown).Groups[1].Value;

    [GeneratedRegex(@"(?<=[.?!])\s+(?=[A-Z*])")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"[Ss]ections? (\d+(?:\.\d+)?)")]
    private static partial Regex Section();

    [GeneratedRegex(@"\A#{2,3} (\d+(?:\.\d+)?)\b")]
    private static partial Regex Heading();
}
