using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Course.Kernel.Cells;

/// <summary>
/// What cells can call without a using line to show something. Its types are those of other libraries, so a session imports it
/// only when the first cell names one of these.
/// </summary>
public static class Outputs
{
    /// <summary>Shows a value as an output of the running cell.</summary>
    /// <param name="mimeType">Shows its text as this type instead of by its own formatter.</param>
    /// <param name="others">Further types, from which a front end takes the richest that it can show.</param>
    public static DisplayedValue display(object? value, string? mimeType = null, params string[] others) =>
        (DisplayedValue)(Helpers.Publisher ?? throw new InvalidOperationException("There is no session to display in."))(value, mimeType is null ? others : [mimeType, .. others]);

    /// <inheritdoc cref="display"/>
    /// <remarks>Chosen before the method of this name in Microsoft.DotNet.Interactive.Formatting, whose answer cannot be updated.</remarks>
    public static DisplayedValue Display(this object? value, string? mimeType = null) => display(value, mimeType);

    /// <summary>Marks text as HTML, so that it is shown as such.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);
}
