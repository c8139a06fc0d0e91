using Course.Kernel.Cells;

namespace Microsoft.DotNet.Interactive;

/// <summary>The running cell, by the name that it has in .NET Interactive, where functions show their progress through it.</summary>
public sealed class KernelInvocationContext
{
    private KernelInvocationContext()
    {
    }

    public static KernelInvocationContext Current { get; } = new();

    /// <summary>As <c>display</c>; of several MIME types the first counts.</summary>
    public DisplayedValue Display(object? value, params string[] mimeTypes) => Helpers.display(value, mimeTypes.FirstOrDefault());

    /// <summary>Shows text as a MIME type.</summary>
    public DisplayedValue DisplayAs(string value, string mimeType) => Helpers.display(value, mimeType);

    public void DisplayStandardOut(string output) => Console.Out.Write(output);

    public void DisplayStandardError(string error) => Console.Error.Write(error);
}
