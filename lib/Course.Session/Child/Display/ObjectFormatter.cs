using System.Collections;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Course.Session.Contract;
using Microsoft.DotNet.Interactive.Formatting;
using Registry = Microsoft.DotNet.Interactive.Formatting.Formatter;

namespace Course.Session.Child.Display;

/// <summary>
/// Shows objects as .NET Interactive does, with its own formatters: tables and trees as HTML, what cells and packages registered,
/// and text beside them for readers without HTML.
/// </summary>
/// <remarks>The library takes a tenth of a second to load, so nothing here is called for a number or a text before it is there.</remarks>
internal static partial class ObjectFormatter
{
    private const string Library = "Microsoft.DotNet.Interactive.Formatting";

    /// <summary>Calls <paramref name="show"/> with what cells show by the library's own methods, such as <c>DisplayAs</c> and <c>DisplayTable</c>.</summary>
    public static void Listen(Action<CellOutput> show) =>
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name != Library)
                return;
            IsLoaded = true;
            Subscribe(show);
        };

    private static void Subscribe(Action<CellOutput> show)
    {
        Action<DisplayedValue> mine = shown => show(shown.IsUpdated
            ? new UpdateDisplay(Bundle(shown), [], shown.DisplayId) : new DisplayData(Bundle(shown), [], shown.DisplayId));
        Registry.SubscribeToDisplayedValues(mine);
        _listener = mine;
    }

    private static Delegate? _listener;

    /// <summary>
    /// The real Microsoft.DotNet.Interactive, which packages with extensions bring, listens too, and prints what no kernel of its own
    /// runs: its subscription is ended. It has no public name; where the library changed, such text would be shown twice.
    /// </summary>
    public static void ListenAlone() =>
        typeof(Registry).GetField("OnFormatterEvent", BindingFlags.Static | BindingFlags.NonPublic)?.SetValue(null, _listener);

    /// <summary>What a cell shows without naming MIME types is shown as its value would be.</summary>
    private static JsonObject Bundle(DisplayedValue shown) =>
        (shown.Value is { } value && shown.FormattedValues.Select(f => f.MimeType).SequenceEqual(Registry.GetPreferredMimeTypesFor(value.GetType())) ? Formatter.Simple(value) : null)
        ?? Bundle(shown.FormattedValues, shown.Value);

    /// <summary>Whether a cell's value says that something is shown already.</summary>
    public static bool IsShown(object? value) => value?.GetType().FullName == Library + ".DisplayedValue";

    /// <summary>Whether somebody may have registered a formatter.</summary>
    public static bool IsLoaded { get; private set; }

    /// <summary>How many formatters cells and packages registered.</summary>
    public static int Registered => Registry.RegisteredFormatters(includeDefaults: false).Count();

    /// <summary>What was registered for the type of a number or a text; null when nothing was.</summary>
    public static JsonObject? OwnFormat(object value) => HasOwn(value) ? Format(value) : null;

    /// <summary>Whether a cell or a package registered how values of this type are shown.</summary>
    private static bool HasOwn(object value) =>
        Registry.RegisteredFormatters(includeDefaults: false).Any(f => f.Type != typeof(object) && f.Type.IsInstanceOfType(value));

    public static JsonObject Format(object value) => Bundle(FormattedValue.CreateManyFromObject(value), value);

    private static JsonObject Bundle(IEnumerable<FormattedValue> values, object? value)
    {
        var bundle = new JsonObject();
        foreach (var shown in values)
        {
            if (shown.MimeType == MimeBundle.Html && Scalar().Match(shown.Value) is { Success: true } scalar)
                bundle[MimeBundle.Plain] = WebUtility.HtmlDecode(scalar.Groups["text"].Value);
            else
                bundle[shown.MimeType] = MimeBundle.Content(shown.MimeType, shown.MimeType == MimeBundle.Html ? shown.Value.Replace("<th>", "<th scope=\"col\">") : shown.Value);
        }
        // What somebody registered says all that there is to say; the properties of a chart as text would only be long.
        if (!bundle.ContainsKey(MimeBundle.Plain) && bundle.ContainsKey(MimeBundle.Html) && value is not null && !HasOwn(value))
            bundle[MimeBundle.Plain] = PlainText.Of(value) ?? Beside(bundle[MimeBundle.Html]!.ToString(), value);
        return bundle;
    }

    /// <summary>Who reads text instead of more characters than these reads what the object says of itself.</summary>
    private const int MostHtml = 1_000_000;

    /// <summary>The text beside a value's HTML.</summary>
    private static string Beside(string html, object value)
    {
        bool tooLong = html.Length > MostHtml;
        if (!tooLong && IsLazy(value))
            return TextOf(html);
        try
        {
            return tooLong ? value.ToString() ?? "" : As(value, MimeBundle.Plain);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A member that the HTML does not show may throw, and so may ToString.
            return TextOf(html);
        }
    }

    /// <summary>A value as text of one type.</summary>
    public static string As(object value, string mimeType) => value.ToDisplayString(mimeType);

    /// <summary>A sequence that is computed while it is read is read once.</summary>
    private static bool IsLazy(object value) => value is IEnumerable and not (ICollection or string);

    private static string TextOf(string html) =>
        WebUtility.HtmlDecode(Tag().Replace(RowEnd().Replace(CellEnd().Replace(Style().Replace(html, ""), "\t"), "\n"), "")).Replace("\t\n", "\n").Trim();

    [GeneratedRegex("""\A<div class="dni-plaintext"><pre>(?<text>[^<]*)</pre></div>(<style>[^<]*</style>)?\s*\z""")]
    private static partial Regex Scalar();

    [GeneratedRegex("<style>[^<]*</style>")]
    private static partial Regex Style();

    [GeneratedRegex("</t[dh]>")]
    private static partial Regex CellEnd();

    [GeneratedRegex("</tr>")]
    private static partial Regex RowEnd();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
