using Course.Kernel.Cells;

namespace Microsoft.DotNet.Interactive;

/// <summary>What cells call by this name in .NET Interactive: the helpers, and questions to whoever runs the notebook.</summary>
public static class Kernel
{
    /// <inheritdoc cref="Helpers.display"/>
    public static DisplayedValue display(object? value, params string[] mimeTypes) => Helpers.display(value, mimeTypes.FirstOrDefault());

    /// <inheritdoc cref="Helpers.HTML"/>
    public static RichText HTML(string content) => Helpers.HTML(content);

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
