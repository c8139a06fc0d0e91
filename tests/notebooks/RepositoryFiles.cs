using Course.Base;

namespace Notebooks.Tests;

/// <summary>Finds the repository that these tests were built from.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Checkout.Above(AppContext.BaseDirectory)
        ?? throw new InvalidOperationException($"No {Checkout.Solution} in or above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}
