using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace Course.Serving.Tests;

/// <summary>The drawing page in headless Chromium. Runs where COURSE_TEST_BROWSER is 1; a screenshot goes to artifacts/browser.</summary>
public sealed class DrawingPageTests
{
    private const string Chromium = "/usr/bin/chromium";

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [Fact]
    public async Task Page_ADigitIsDrawn_TheAnswerItsProbabilitiesAndItsSaliencyAppear()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_TEST_BROWSER") == "1", "set COURSE_TEST_BROWSER=1 to drive a browser");
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} does not exist; install chromium");
        string store = Path.Combine(Directory.CreateTempSubdirectory("course-page-").FullName, "feedback.db");
        var feedback = new SqliteFeedbackStore(store);
        await using var service = await PredictionService.StartAsync(new StrokePredictor(), new ServiceOptions { Feedback = feedback });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 900, Height = 1000 } });
        page.SetDefaultTimeout(60_000);
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Location.Contains("favicon"))
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(service.Url.ToString());

        // A stroke with its mass on the left: the page centres it, so a bow that bulges to the left keeps more there.
        var pad = (await page.Locator("#pad").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(pad.X + 200, pad.Y + 60);
        await page.Mouse.DownAsync();
        foreach (var (x, y) in new[] { (100, 60), (80, 140), (80, 220), (200, 220) })
            await page.Mouse.MoveAsync(pad.X + x, pad.Y + y, new() { Steps = 8 });
        await page.Mouse.UpAsync();

        await page.WaitForFunctionAsync("() => document.getElementById('answer').textContent.includes('strokes 3.1.0')");
        Assert.Equal(10, await page.Locator("#probabilities tr").CountAsync());
        await page.WaitForFunctionAsync(Reddish);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Directory.CreateDirectory(Path.Combine(Here(), "../../artifacts/browser")).FullName, "drawing-page.png") });

        await page.Locator("#truth").SelectOptionAsync("1");
        await page.Locator("#send").ClickAsync();
        await page.Locator("#feedback").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        Assert.Equal("1", Assert.Single(feedback.Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Truth);

        await page.Locator("#clear").ClickAsync();
        Assert.Equal("Nothing drawn yet.", await page.Locator("#answer").TextContentAsync());
        // A picture: ink on white paper, more of it in the right half.
        var paper = new PixelImage(56, 56, PixelLayout.Grey, [.. Enumerable.Range(0, 56 * 56).Select(i => (byte)(i % 56 is > 10 and < 15 or > 36 and < 48 ? 0 : 255))]);
        await page.Locator("#picture").SetInputFilesAsync(new FilePayload { Name = "one.png", MimeType = "image/png", Buffer = Png.Encode(paper) });
        await page.WaitForFunctionAsync("() => document.getElementById('answer').textContent.startsWith('1, ')");
        await page.WaitForFunctionAsync(Reddish);

        await page.GetByRole(AriaRole.Link, new() { Name = "What is this model?" }).ClickAsync();
        Assert.Equal("strokes", await page.Locator("h1").TextContentAsync());
        Assert.True(complaints.Count == 0, string.Join("\n", complaints));
        Directory.Delete(Path.GetDirectoryName(store)!, recursive: true);
    }

    // Some part of the map is redder than it is green.
    private const string Reddish = """
        () => { const map = document.getElementById('saliency'), data = map.getContext('2d').getImageData(0, 0, map.width, map.height).data;
                for (let i = 0; i < data.length; i += 4) if (data[i] > data[i + 1] + 100) return true;
                return false; }
        """;
}
