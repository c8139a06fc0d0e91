namespace Course.Book.Mathematics;

/// <param name="Tex">As it stands between the dollar signs.</param>
/// <param name="Display">On a line of its own.</param>
internal sealed record Formula(string Tex, bool Display);

/// <summary>What KaTeX makes of a formula: HTML, or the reason why it refuses it.</summary>
internal sealed record TypesetFormula(string? Html, string? Error);
