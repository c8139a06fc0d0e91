using Course.Base;

namespace Course;

/// <summary>The checkout that a notebook or a command works in.</summary>
public static class Repository
{
    /// <summary>
    /// The nearest folder with <c>Course.sln</c> above the working directory, else above this library; null when there is none.
    /// A notebook's session may have loaded a copy of it: then it says where the library was built.
    /// </summary>
    public static string? Find() => Checkout.Above(Directory.GetCurrentDirectory()) ?? Checkout.Above(AppContext.BaseDirectory)
        ?? Above(AppContext.GetData(CourseHooks.Libraries) as string) ?? Above(Path.GetDirectoryName(typeof(Repository).Assembly.Location));

    /// <summary>Where models and the ledgers of their test sets are kept; a temporary folder outside a checkout.</summary>
    internal static string Models => Path.Combine(Find() ?? Path.GetTempPath(), "artifacts", "models");

    private static string? Above(string? folder) => string.IsNullOrEmpty(folder) ? null : Checkout.Above(folder);
}
