namespace Course.Book.Building;

/// <summary>What search finds: the text under one heading of a page.</summary>
/// <param name="Url">The page and the heading's anchor.</param>
/// <param name="Start">The first words, shown under a result.</param>
internal sealed record SearchSection(string Url, string Page, string Heading, string Text, string Start);
