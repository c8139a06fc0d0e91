using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Course.Session.Child.Display;

/// <summary>
/// Formats types that carry <c>TypeFormatterSourceAttribute</c>, the convention of .NET Interactive, found by names alone:
/// the attribute names a type (<c>FormatterSourceType</c>) whose <c>CreateTypeFormatters()</c> gives objects with
/// <c>MimeType</c> and <c>bool Format(object, TextWriter)</c>; <c>PreferredMimeTypes</c> says which of them to show together.
/// </summary>
internal sealed class ConventionFormatter
{
    private readonly IReadOnlyList<(string MimeType, Func<object, TextWriter, bool> Format)> _formatters;

    private ConventionFormatter(IReadOnlyList<(string, Func<object, TextWriter, bool>)> formatters) => _formatters = formatters;

    public static ConventionFormatter? For(Type type)
    {
        object? attribute = type.GetCustomAttributes(inherit: true).FirstOrDefault(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        if (attribute is null || Get(attribute, "FormatterSourceType") is not Type sourceType)
            return null;
        object source = Activator.CreateInstance(sourceType)!;
        if (sourceType.GetMethod("CreateTypeFormatters", Type.EmptyTypes)?.Invoke(source, null) is not IEnumerable created)
            return null;

        string[] preferred = Get(attribute, "PreferredMimeTypes") as string[] ?? [];
        var all = created.Cast<object>().Select(Adapt).OfType<(string MimeType, Func<object, TextWriter, bool> Format)>().ToList();
        var chosen = preferred.Length == 0 ? all : [.. preferred.SelectMany(mime => all.Where(f => f.MimeType == mime).Take(1))];
        return chosen.Count == 0 ? null : new ConventionFormatter(chosen);
    }

    public JsonObject Format(object value)
    {
        var bundle = new JsonObject();
        foreach (var (mimeType, format) in _formatters)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            if (format(value, text))
                bundle[mimeType] = MimeBundle.Content(mimeType, text.ToString());
        }
        if (!bundle.ContainsKey(MimeBundle.Plain))
            bundle[MimeBundle.Plain] = value.ToString();
        return bundle;
    }

    private static (string, Func<object, TextWriter, bool>)? Adapt(object formatter)
    {
        var method = formatter.GetType().GetMethods().FirstOrDefault(m =>
            m.Name == "Format" && m.GetParameters() is [var value, var writer] && value.ParameterType == typeof(object) && writer.ParameterType.IsAssignableFrom(typeof(StringWriter)));
        if (Get(formatter, "MimeType") is not string mimeType || method is null)
            return null;
        return (mimeType, (value, writer) => method.Invoke(formatter, BindingFlags.DoNotWrapExceptions, null, [value, writer], CultureInfo.InvariantCulture) is not false);
    }

    private static object? Get(object target, string property) => target.GetType().GetProperty(property)?.GetValue(target);
}
