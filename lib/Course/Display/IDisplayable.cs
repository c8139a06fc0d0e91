namespace Course;

/// <summary>One way of showing a value: the same content in one MIME type.</summary>
/// <param name="MimeType">For example <c>text/html</c>.</param>
/// <param name="Content">The text of the representation; for JSON types the JSON itself.</param>
public readonly record struct Representation(string MimeType, string Content);

/// <summary>
/// A value that shows itself in a notebook. An implementing type also carries
/// <c>[TypeFormatterSource(typeof(DisplayFormatters), PreferredMimeTypes = […])]</c>,
/// by which C# notebooks find the representations without knowing this library.
/// </summary>
public interface IDisplayable
{
    /// <summary>All representations, the richest first; <c>text/plain</c> is always among them.</summary>
    IEnumerable<Representation> Representations();
}
