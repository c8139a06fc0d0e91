namespace Course.Kernel.Cells;

/// <summary>Text of a known MIME type, such as HTML.</summary>
public sealed record RichText(string Content, string MimeType)
{
    public override string ToString() => Content;
}
