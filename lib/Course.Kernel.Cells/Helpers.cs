using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;

namespace Course.Kernel.Cells;

/// <summary>What cells can call without a using line, as in .NET Interactive.</summary>
public static class Helpers
{
    /// <summary>Gives a <c>DisplayedValue</c>, whose assembly a session does not load before something is shown.</summary>
    internal static Func<object?, string[], object>? Publisher { get; set; }

    internal static Func<string, bool, string>? Questioner { get; set; }

    internal static Action<bool>? Cleaner { get; set; }

    internal static Func<KernelCommand, string, KernelCommandResult>? Submitter { get; set; }

    /// <summary>The running cell's code, and what is cancelled when it is interrupted.</summary>
    internal static Func<(string Code, CancellationToken Stop)>? Running { get; set; }

    /// <summary>The value of a variable that a cell declared; null when there is none of that name.</summary>
    internal static Func<string, object?>? Variables { get; set; }

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

    /// <summary>Runs a script in the page that shows the cell, where the front end lets it.</summary>
    public static void Javascript(string scriptContent) =>
        Outputs.display(Outputs.HTML($"<script type=\"text/javascript\">{scriptContent}</script>"));

    /// <summary>Adds a style to the page that shows the cell, where the front end lets it.</summary>
    public static void CSS(string content) => Outputs.display(Outputs.HTML($"<style>{content}</style>"));
}
