using Course.Kernel.Cells;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>The running cell, by the name that it has in .NET Interactive, where functions show their progress through it.</summary>
public sealed class KernelInvocationContext
{
    private KernelInvocationContext()
    {
    }

    public static KernelInvocationContext Current { get; } = new();

    /// <summary>The code that is running.</summary>
    public KernelCommand Command => new SubmitCode(Helpers.Running?.Invoke().Code ?? "", Kernel.Current.Name);

    public Kernel HandlingKernel => Kernel.Current;

    /// <summary>Cancelled when the cell is interrupted.</summary>
    public CancellationToken CancellationToken => Helpers.Running?.Invoke().Stop ?? default;

    /// <inheritdoc cref="Outputs.display"/>
    public DisplayedValue Display(object? value, params string[] mimeTypes) => Outputs.display(value, null, mimeTypes);

    /// <summary>Shows text as a MIME type.</summary>
    public DisplayedValue DisplayAs(string value, string mimeType) => Outputs.display(value, mimeType);

    /// <summary>Shows what a cell made by itself; other events say nothing that a front end shows.</summary>
    public void Publish(KernelEvent @event)
    {
        if (@event is DisplayedValueProduced shown)
            Outputs.display(shown.Value, null, [.. shown.FormattedValues.Select(value => value.MimeType)]);
    }

    public void DisplayStandardOut(string output) => Console.Out.Write(output);

    public void DisplayStandardError(string error) => Console.Error.Write(error);
}
