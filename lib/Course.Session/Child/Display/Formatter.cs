using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Course.Session.Child.Display;

/// <summary>Turns a value into what a front end shows.</summary>
internal static class Formatter
{
    private static readonly ConcurrentDictionary<Type, ConventionFormatter?> Known = new();

    /// <exception cref="Exception">Whatever the type's own formatter throws.</exception>
    public static JsonObject Format(object? value) => Simple(value) ?? ObjectFormatter.Format(value!);

    /// <summary>What is shown without the library's formatters: text, and what brings formatters of its own; null for everything else.</summary>
    public static JsonObject? Simple(object? value)
    {
        // By its name, because naming the type would load its assembly before the first result.
        if (value?.GetType().FullName == "Microsoft.AspNetCore.Html.HtmlString")
            return Rich(MimeBundle.Html, value.ToString()!);
        if (value is not null && Known.GetOrAdd(value.GetType(), ConventionFormatter.For) is { } own)
            return own.Format(value);
        if (PlainText.Of(value) is not { } text)
            return null;
        return (value is not null && ObjectFormatter.IsLoaded ? ObjectFormatter.OwnFormat(value) : null) ?? MimeBundle.Of(MimeBundle.Plain, text);
    }

    /// <summary>A value as these MIME types, or as its own: text as it stands, everything else by the formatter for each type.</summary>
    public static JsonObject Format(object? value, IReadOnlyList<string> mimeTypes)
    {
        if (mimeTypes.Count == 0)
            return Format(value);
        var bundle = new JsonObject();
        foreach (string mimeType in mimeTypes)
            foreach (var (type, content) in Rich(mimeType, PlainText.Of(value) ?? ObjectFormatter.As(value!, mimeType)))
                bundle.TryAdd(type, content?.DeepClone());
        return bundle;
    }

    private static JsonObject Rich(string mimeType, string content)
    {
        var bundle = MimeBundle.Of(mimeType, content);
        if (mimeType != MimeBundle.Plain && !mimeType.EndsWith("json", StringComparison.Ordinal))
            bundle[MimeBundle.Plain] = content;
        return bundle;
    }
}
