namespace Course.Kernel.Cells;

/// <summary>What cells can call without a using line, as in .NET Interactive.</summary>
public static class Helpers
{
    internal static Func<object?, string?, DisplayedValue>? Publisher { get; set; }

    /// <summary>Shows a value as an output of the running cell.</summary>
    /// <param name="mimeType">Shows its text as this type instead of by its own formatter.</param>
    public static DisplayedValue display(object? value, string? mimeType = null) =>
        (Publisher ?? throw new InvalidOperationException("There is no session to display in."))(value, mimeType);

    /// <inheritdoc cref="display"/>
    /// <remarks>Chosen before the method of this name in Microsoft.DotNet.Interactive.Formatting, whose answer cannot be updated.</remarks>
    public static DisplayedValue Display(this object? value, string? mimeType = null) => display(value, mimeType);

    internal static Func<string, bool, string>? Questioner { get; set; }

    internal static Action<bool>? Cleaner { get; set; }

    /// <summary>Asks whoever runs the notebook for a line of text.</summary>
    /// <exception cref="InvalidOperationException">Nobody can be asked in this run.</exception>
    public static string GetInput(string prompt = "") => Ask(prompt, isPassword: false);

    /// <summary>As <see cref="GetInput"/>, without showing what is typed.</summary>
    /// <exception cref="InvalidOperationException">Nobody can be asked in this run.</exception>
    public static string GetPassword(string prompt = "") => Ask(prompt, isPassword: true);

    /// <summary>Removes what the cell has shown so far; with <paramref name="wait"/> only when its next output comes.</summary>
    public static void ClearOutput(bool wait = false) => Cleaner?.Invoke(wait);

    private static string Ask(string prompt, bool isPassword) =>
        (Questioner ?? throw new InvalidOperationException("There is no session to ask in."))(prompt, isPassword);

    /// <summary>Marks text as HTML, so that it is shown as such.</summary>
    public static RichText HTML(string content) => new(content, "text/html");

    /// <summary>Runs a script in the page that shows the cell, where the front end lets it.</summary>
    public static void Javascript(string scriptContent) =>
        display(HTML($"<script type=\"text/javascript\">{scriptContent}</script>"));

    /// <summary>Adds a style to the page that shows the cell, where the front end lets it.</summary>
    public static void CSS(string content) => display(HTML($"<style>{content}</style>"));
}
