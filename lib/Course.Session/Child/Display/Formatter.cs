using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Course.Kernel.Cells;

namespace Course.Session.Child.Display;

/// <summary>Turns a value into what a front end shows.</summary>
internal static class Formatter
{
    private static readonly ConcurrentDictionary<Type, ConventionFormatter?> Known = new();

    /// <exception cref="Exception">Whatever the type's own formatter throws.</exception>
    public static JsonObject Format(object? value)
    {
        if (value is RichText rich)
            return Rich(rich);
        if (value is not null && Known.GetOrAdd(value.GetType(), ConventionFormatter.For) is { } own)
            return own.Format(value);
        if (PlainText.Of(value) is not { } text)
            return ObjectFormatter.Format(value!);
        return (value is not null && ObjectFormatter.IsLoaded ? ObjectFormatter.OwnFormat(value) : null) ?? MimeBundle.Of(MimeBundle.Plain, text);
    }

    /// <summary>A value as one MIME type: text as it stands, everything else by the formatter for that type.</summary>
    public static JsonObject Format(object? value, string mimeType) =>
        Rich(new RichText((value as RichText)?.Content ?? PlainText.Of(value) ?? ObjectFormatter.As(value!, mimeType), mimeType));

    private static JsonObject Rich(RichText rich)
    {
        var bundle = MimeBundle.Of(rich.MimeType, rich.Content);
        if (rich.MimeType != MimeBundle.Plain && !rich.MimeType.EndsWith("json", StringComparison.Ordinal))
            bundle[MimeBundle.Plain] = rich.Content;
        return bundle;
    }
}
