using Course.Base;

namespace RealTorchSharp.Tests;

/// <summary>Where the repository lies, seen from the folder of the running tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Checkout.Above(AppContext.BaseDirectory)
        ?? throw new DirectoryNotFoundException($"No {Checkout.Solution} above {AppContext.BaseDirectory}: run the tests from a checkout.");
}
