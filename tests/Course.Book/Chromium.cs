using Microsoft.Playwright;

namespace Course.Book.Tests;

/// <summary>The system's Chromium, without a window.</summary>
internal static class Chromium
{
    private const string Path = "/usr/bin/chromium";

    public static void SkipUnlessAskedFor()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_TEST_BROWSER") == "1", "set COURSE_TEST_BROWSER=1 to drive a browser");
        Assert.SkipUnless(File.Exists(Path), $"{Path} does not exist; install chromium");
    }

    public static Task<IBrowser> StartAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Path,
        Args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
}
