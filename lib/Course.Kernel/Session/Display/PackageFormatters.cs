using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;

namespace Course.Kernel.Session.Display;

/// <summary>
/// Formatters that packages register with .NET Interactive's <c>Formatter</c>: those of Plotly.NET.Interactive or
/// Microsoft.Data.Analysis, for example. A package's extension class is run as .NET Interactive runs it, against the real
/// Microsoft.DotNet.Interactive, which is restored with the package; this kernel itself refers to none of it.
/// </summary>
internal static class PackageFormatters
{
    private const string Extension = "Microsoft.DotNet.Interactive.IKernelExtension";
    private const string Library = "Microsoft.DotNet.Interactive.Formatting";

    private static Registry? registry;

    /// <summary>Runs the extension classes of an assembly. Returns a warning for the reader, or null.</summary>
    public static string? Load(string path)
    {
        int before = registry?.Count ?? 0;
        Exception? failed = null;
        try
        {
            foreach (var type in AssemblyLoadContext.Default.LoadFromAssemblyPath(path).GetExportedTypes().Where(t => t.IsClass && !t.IsAbstract))
            {
                // There is no kernel of .NET Interactive's to give. An extension that wants one has registered its formatters before.
                if (type.GetInterface(Extension)?.GetMethod("OnLoadAsync")?.Invoke(Activator.CreateInstance(type), [null]) is Task loaded)
                    loaded.GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failed = e is TargetInvocationException { InnerException: { } cause } ? cause : e;
        }
        registry ??= Registry.Find();
        return failed is null || registry?.Count > before ? null
            : $"the extension {Path.GetFileName(path)} is not loaded, so that its objects are shown as text: {failed.Message}";
    }

    /// <summary>What the registered formatters make of a value; null when none is registered for its type.</summary>
    public static JsonObject? Format(object value) => registry?.Format(value);

    /// <summary>The members of <c>Formatter</c> that are needed, bound by name.</summary>
    private sealed class Registry(MethodInfo registered, MethodInfo display)
    {
        public static Registry? Find()
        {
            var formatter = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == Library)?.GetType(Library + ".Formatter");
            var contract = formatter?.Assembly.GetType(Library + ".ITypeFormatter");
            return contract is not null
                && formatter!.GetMethod("RegisteredFormatters", [typeof(bool)]) is { } registered
                && formatter.GetMethod("ToDisplayString", [typeof(object), contract]) is { } display ? new Registry(registered, display) : null;
        }

        public int Count => Registered.Count();

        private IEnumerable<object> Registered => (IEnumerable<object>)registered.Invoke(null, [false])!;

        public JsonObject? Format(object value)
        {
            var fitting = Registered
                .Select(f => (Formatter: f, Type: (Type)Get(f, "Type"), MimeType: (string)Get(f, "MimeType")))
                .Where(f => f.Type != typeof(object) && f.Type.IsInstanceOfType(value))
                .DistinctBy(f => f.MimeType).ToArray();
            if (fitting.Length == 0)
                return null;
            var bundle = new JsonObject();
            foreach (var (formatter, _, mimeType) in fitting)
                bundle[mimeType] = MimeBundle.Content(mimeType, (string)display.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [value, formatter], null)!);
            return bundle;
        }

        private static object Get(object target, string property) => target.GetType().GetProperty(property)!.GetValue(target)!;
    }
}
