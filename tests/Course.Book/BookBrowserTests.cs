using Microsoft.Playwright;

namespace Course.Book.Tests;

/// <summary>
/// The pages in headless Chromium, opened from disk as a reader does. Runs where COURSE_TEST_BROWSER is 1, over the book that
/// COURSE_BOOK names, else over a small one. Screenshots go to artifacts/browser.
/// </summary>
public sealed class BookBrowserTests : IAsyncLifetime
{
    private static readonly string Screenshots = Directory.CreateDirectory(Path.Combine(SmallRun.Repository, "artifacts", "browser")).FullName;

    private readonly SmallRun _run = new();
    private readonly List<string> _complaints = [];
    private string _book = "";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Chromium.SkipUnlessAskedFor();
        if (Environment.GetEnvironmentVariable("COURSE_BOOK") is { Length: > 0 } given)
        {
            _book = Path.GetFullPath(given, SmallRun.Repository);
        }
        else
        {
            await _run.BuildAsync();
            _book = _run.PathOf("book");
        }
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.StartAsync(_playwright);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _run.Dispose();
    }

    [Fact]
    public async Task EveryPage_IsDrawnWithoutErrorOtherHostsOrSeriousBarriers()
    {
        string axe = await Axe.ScriptAsync();
        var page = await PageAsync(1280, 900);
        foreach (string file in Pages())
        {
            await OpenAsync(page, file);
            await page.AddScriptTagAsync(new() { Path = axe });
            foreach (string theme in (string[])["light", "dark"])
            {
                await page.EvaluateAsync("theme => document.documentElement.dataset.theme = theme", theme);
                // Figures are pictures with a text of their own, and drawn on white; formulas come twice. The second theme differs in colours only.
                string[] barriers = await Axe.BarriersAsync(page, onlyContrast: theme == "dark", ".rich svg", ".katex", ".diagram svg");
                _complaints.AddRange(barriers.Select(b => $"{Path.GetFileName(file)}, {theme}: {b}"));
            }
        }
        Assert.True(_complaints.Count == 0, string.Join("\n", _complaints));
    }

    [Fact]
    public async Task EveryPage_OnAPhone_DoesNotScrollSideways()
    {
        var page = await PageAsync(375, 800);
        foreach (string file in Pages())
        {
            await OpenAsync(page, file);
            int width = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (width > 375)
                _complaints.Add($"{Path.GetFileName(file)} is {width} pixels wide: {await page.EvaluateAsync<string>("() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 376 && !e.closest('.rich, .wide, pre, .equation, figure')).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' | ')")}");
        }
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "book-phone.png") });
        Assert.True(_complaints.Count == 0, string.Join("\n", _complaints));
    }

    [Fact]
    public async Task Search_FindsASectionAndLeadsToIt()
    {
        var page = await PageAsync(1280, 900);
        await OpenAsync(page, Path.Combine(_book, "index.html"));
        string heading = (await File.ReadAllTextAsync(Pages()[1])).Split("<h2 id=\"")[1].Split('"')[0];
        await page.Keyboard.PressAsync("/");
        await page.Locator("#find input").FillAsync(heading.Replace('-', ' '));
        var hit = page.Locator("#find li a").First;
        await hit.WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "book-search.png") });
        await hit.ClickAsync();
        await page.WaitForURLAsync(new System.Text.RegularExpressions.Regex("#"));
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task DiagramsAreDrawn_TheOutlineFollows_NamesAreExplained_TheThemeIsKept()
    {
        var page = await PageAsync(1400, 900);
        foreach (string file in Pages())
        {
            await OpenAsync(page, file);
            int diagrams = await page.Locator("pre.mermaid").CountAsync();
            if (diagrams > 0)
                await page.WaitForFunctionAsync($"() => document.querySelectorAll('pre.mermaid svg').length === {diagrams}");
        }
        string chapter = Pages().First(p => File.ReadAllText(p).Contains("data-n=\"", StringComparison.Ordinal));
        await OpenAsync(page, chapter);
        await page.Locator("[data-n]").First.HoverAsync();
        await page.Locator("#tip:not([hidden]) code").WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "book-hover.png") });
        await page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");
        await page.Locator(".outline a[aria-current]").WaitForAsync();
        await page.Locator("#theme").ClickAsync();
        string theme = await page.EvaluateAsync<string>("() => document.documentElement.dataset.theme");
        await page.ReloadAsync();
        Assert.Equal(theme, await page.EvaluateAsync<string>("() => document.documentElement.dataset.theme"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "book-dark.png") });
        Assert.Empty(_complaints);
    }

    private string[] Pages() => [Path.Combine(_book, "index.html"), .. Directory.GetFiles(_book, "*.html").Where(f => !f.EndsWith("index.html", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private async Task<IPage> PageAsync(int width, int height)
    {
        var page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Add($"{page.Url}: console: {message.Text}");
        };
        page.PageError += (_, error) => _complaints.Add($"{page.Url}: script: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _complaints.Add($"{page.Url}: asked {request.Url}");
        };
        return page;
    }

    private async Task OpenAsync(IPage page, string file)
    {
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        try
        {
            await page.WaitForFunctionAsync("() => document.documentElement.dataset.ready === 'true'");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{file}: the page's own script did not end. {string.Join("\n", _complaints)}");
        }
    }
}
