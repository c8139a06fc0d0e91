namespace Course;

/// <summary>Formatters for every <see cref="IDisplayable"/>; found through <see cref="TypeFormatterSourceAttribute"/>.</summary>
public sealed class DisplayFormatters
{
    public IEnumerable<object> CreateTypeFormatters() => Mime.All.Select(mime => new DisplayFormatter(mime));
}

/// <summary>Writes the representation of one MIME type.</summary>
public sealed class DisplayFormatter(string mimeType)
{
    public string MimeType { get; } = mimeType;

    public Type Type => typeof(IDisplayable);

    /// <returns>False when the value has no representation of this MIME type.</returns>
    public bool Format(object value, TextWriter writer)
    {
        if (value is not IDisplayable displayable)
            return false;
        foreach (var representation in displayable.Representations())
        {
            if (representation.MimeType != MimeType)
                continue;
            writer.Write(representation.Content);
            return true;
        }
        return false;
    }
}
