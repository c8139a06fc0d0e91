using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Course.Kernel.Cells;

namespace Course.Kernel.Session.Display;

/// <summary>Turns a value into what a front end shows.</summary>
internal static class Formatter
{
    private static readonly ConcurrentDictionary<Type, ConventionFormatter?> Known = new();

    /// <exception cref="Exception">Whatever the type's own formatter throws.</exception>
    public static JsonObject Format(object? value) => value switch
    {
        RichText rich => Rich(rich),
        null => MimeBundle.Of(MimeBundle.Plain, PlainText.Null),
        _ => Known.GetOrAdd(value.GetType(), ConventionFormatter.For) is { } own
            ? own.Format(value)
            : PackageFormatters.Format(value) ?? MimeBundle.Of(MimeBundle.Plain, PlainText.Of(value)),
    };

    private static JsonObject Rich(RichText rich)
    {
        var bundle = MimeBundle.Of(rich.MimeType, rich.Content);
        if (rich.MimeType != MimeBundle.Plain && !rich.MimeType.EndsWith("json", StringComparison.Ordinal))
            bundle[MimeBundle.Plain] = rich.Content;
        return bundle;
    }
}
