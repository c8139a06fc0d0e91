using Course.Kernel.Cells;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>
/// What cells call by this name in .NET Interactive: the helpers, questions to whoever runs the notebook, and the kernels that
/// can be sent code.
/// </summary>
public class Kernel
{
    private protected Kernel(string name) => Name = name;

    public string Name { get; }

    /// <summary>All kernels of the session.</summary>
    public static Kernel Root { get; } = new CompositeKernel([new CSharpKernel(), new("html"), new("markdown"), new("mermaid"), new("svg"), new("javascript")]);

    /// <summary>The kernel that runs the cell.</summary>
    public static Kernel Current { get; } = Root.FindKernelByName("csharp")!;

    /// <summary>This kernel or one below it; null when there is none of that name.</summary>
    public virtual Kernel? FindKernelByName(string name) => Name == name ? this : null;

    /// <summary>Runs code as a cell of its own, now; what it declares is there for later cells.</summary>
    /// <returns>How it ended: a command that fails throws nothing.</returns>
    public Task<KernelCommandResult> SendAsync(KernelCommand command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult((Helpers.Submitter ?? throw new InvalidOperationException("There is no session to run code in."))(command, this is CompositeKernel ? "csharp" : Name));
    }

    /// <inheritdoc cref="SendAsync"/>
    public Task<KernelCommandResult> SubmitCodeAsync(string code) => SendAsync(new SubmitCode(code));

    /// <inheritdoc cref="Outputs.display"/>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => Outputs.display(value, null, mimeTypes);

    /// <inheritdoc cref="Outputs.HTML"/>
    public static IHtmlContent HTML(string content) => Outputs.HTML(content);

    /// <inheritdoc cref="Helpers.Javascript"/>
    public static void Javascript(string scriptContent) => Helpers.Javascript(scriptContent);

    /// <inheritdoc cref="Helpers.CSS"/>
    public static void CSS(string content) => Helpers.CSS(content);

    /// <inheritdoc cref="Helpers.GetInput"/>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        Task.FromResult(typeHint == "password" ? Helpers.GetPassword(prompt) : Helpers.GetInput(prompt));

    /// <inheritdoc cref="Helpers.GetPassword"/>
    public static Task<PasswordString> GetPasswordAsync(string prompt = "") => Task.FromResult(new PasswordString(Helpers.GetPassword(prompt)));
}

/// <summary>A text that is not shown by accident.</summary>
public sealed class PasswordString(string password)
{
    public string GetClearTextPassword() => password;

    public override string ToString() => new('●', password.Length);
}
