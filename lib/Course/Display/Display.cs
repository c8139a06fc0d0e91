using System.Reflection;
using Course.Base;

namespace Course;

/// <summary>Shows a value as an output of the running cell, from inside library code.</summary>
public static class Display
{
    /// <summary>
    /// Hands the value to the notebook that runs this code; where there is none (a test, a console
    /// program), writes its plain text to standard output.
    /// </summary>
    public static void Show(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (AppContext.GetData(CourseHooks.Display) is Action<object> publish)
            publish(value);
        else if (InteractiveDisplay is { } display)
            display.Invoke(null, [value, Array.Empty<string>()]);
        else
            Console.WriteLine(Text(value));
    }

    /// <summary>The plain-text form of a value.</summary>
    public static string Text(object value) => value is IDisplayable displayable
        ? displayable.Representations().First(r => r.MimeType == Mime.Text).Content
        : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    // .NET Interactive is never referenced; when it hosts the notebook its assembly is already loaded.
    private static MethodInfo? InteractiveDisplay => AppDomain.CurrentDomain.GetAssemblies()
        .FirstOrDefault(assembly => assembly.GetName().Name == "Microsoft.DotNet.Interactive")
        ?.GetType("Microsoft.DotNet.Interactive.Kernel")
        ?.GetMethod("display", BindingFlags.Public | BindingFlags.Static, [typeof(object), typeof(string[])]);
}
