using System.Reflection;
using System.Runtime.Loader;

namespace Course.Session.Child.Display;

/// <summary>
/// Runs the extension classes of packages, such as Plotly.NET.Interactive, as .NET Interactive runs them: against the real
/// Microsoft.DotNet.Interactive, which is restored with the package. They register how their objects are shown.
/// </summary>
internal static class Extensions
{
    private const string Extension = "Microsoft.DotNet.Interactive.IKernelExtension";

    /// <summary>Runs the extension classes of an assembly. Returns a warning for the reader, or null.</summary>
    public static string? Load(string path)
    {
        int before = ObjectFormatter.Registered;
        try
        {
            foreach (var type in AssemblyLoadContext.Default.LoadFromAssemblyPath(path).GetExportedTypes().Where(t => t.IsClass && !t.IsAbstract))
            {
                // There is no kernel of .NET Interactive's to give. An extension that wants one has registered its formatters before.
                if (type.GetInterface(Extension)?.GetMethod("OnLoadAsync")?.Invoke(Activator.CreateInstance(type), [null]) is Task loaded)
                    loaded.GetAwaiter().GetResult();
            }
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            return ObjectFormatter.Registered > before ? null
                : $"the extension {Path.GetFileName(path)} is not loaded, so that its objects are not shown as it would show them: {cause.Message}";
        }
        finally
        {
            ObjectFormatter.ListenAlone();
        }
    }
}
