using Course.Base;
using Microsoft.Playwright;

namespace Course.Jupyter.Tests;

/// <summary>
/// Jupyter Notebook in headless Chromium, as a reader of the course uses it. Runs where COURSE_TEST_BROWSER is 1: a browser and
/// a whole chapter are too much for every test run. Screenshots go to artifacts/browser.
/// </summary>
public sealed class NotebookBrowserTests(TestKernel kernel) : IClassFixture<TestKernel>
{
    private const string Chapter = "notebooks/03-linear-regression.ipynb";
    private const string Chromium = "/usr/bin/chromium";
    private const float Minutes = 60_000;
    private static readonly string Screenshots = Directory.CreateDirectory(Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "artifacts", "browser")).FullName;

    [Fact]
    public async Task AChapter_InARealBrowser_RunsShowsCompletesInterruptsAndRestarts()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("COURSE_TEST_BROWSER") == "1", "set COURSE_TEST_BROWSER=1 to drive a browser");
        JupyterServer.Require();
        Assert.SkipUnless(File.Exists(Chromium), $"{Chromium} does not exist; install chromium");
        await using var server = await JupyterServer.StartAsync(kernel, JupyterServer.Workspace());
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1200, Height = 1600 } });
        page.SetDefaultTimeout(Minutes);
        // The server asks whether to leave with unsaved changes.
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GotoAsync($"{server.Address}/notebooks/{Chapter}?token={JupyterServer.Token}");
        await page.WaitForFunctionAsync("() => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.kernel.info_reply.status === 'ok'");

        await RunAllAsync(page);
        await ShowsFiguresAndMathematicsAsync(page);
        await CompletesAsync(page);
        await InterruptsAsync(page);
        await RestartsAsync(page);
    }

    private static async Task RunAllAsync(IPage page)
    {
        await page.EvaluateAsync("() => Jupyter.notebook.execute_all_cells()");
        await page.WaitForFunctionAsync(
            "() => Jupyter.notebook.get_cells().filter(c => c.cell_type === 'code').every(c => typeof c.input_prompt_number === 'number')", null, new() { Timeout = 4 * Minutes });
        string[] unexpected = await page.EvaluateAsync<string[]>("""
            () => Jupyter.notebook.get_cells()
                .filter(c => c.cell_type === 'code' && !((c.metadata.tags || []).includes('raises-exception')))
                .flatMap(c => c.output_area.outputs.filter(o => o.output_type === 'error').map(o => c.id + ': ' + o.ename + ': ' + o.evalue))
            """);
        Assert.True(unexpected.Length == 0, string.Join("\n", unexpected));
    }

    private static async Task ShowsFiguresAndMathematicsAsync(IPage page)
    {
        var figures = page.Locator(".output_area svg");
        Assert.InRange(await figures.CountAsync(), 3, int.MaxValue);
        await figures.First.ScrollIntoViewIfNeededAsync();
        var box = await figures.First.BoundingBoxAsync();
        Assert.True(box is { Width: > 200, Height: > 100 }, $"the first figure takes {box?.Width} by {box?.Height} pixels");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "figure.png") });

        var formula = page.Locator(".text_cell_render .MathJax").First;
        await formula.WaitForAsync();
        await formula.ScrollIntoViewIfNeededAsync();
        Assert.True(await formula.BoundingBoxAsync() is { Width: > 5, Height: > 5 });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "mathematics.png") });
    }

    private static async Task CompletesAsync(IPage page)
    {
        await NewCellAsync(page, "Math.S");
        await page.Keyboard.PressAsync("Tab");
        var option = page.Locator(".completions option", new() { HasTextString = "Sqrt" }).First;
        await option.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "completion.png") });
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task InterruptsAsync(IPage page)
    {
        await NewCellAsync(page, "var kept = 41; Console.WriteLine(kept); while (true) { }");
        await page.EvaluateAsync("() => Jupyter.notebook.get_selected_cell().execute()");
        // Its text is the sign that it runs: a busy kernel may still be busy with the completion.
        await page.WaitForFunctionAsync("() => Jupyter.notebook.get_selected_cell().output_area.outputs.some(o => o.output_type === 'stream')");
        await page.ClickAsync("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']");
        await page.WaitForFunctionAsync("() => Jupyter.notebook.get_selected_cell().output_area.outputs.some(o => o.output_type === 'error' && o.ename === 'Interrupted')");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "interrupt.png") });
        Assert.Equal("42", await ResultAsync(page, "kept + 1"));
    }

    private static async Task RestartsAsync(IPage page)
    {
        await page.EvaluateAsync("() => { window.restarted = false; Jupyter.notebook.events.one('kernel_ready.Kernel', () => window.restarted = true); Jupyter.notebook.kernel.restart(); }");
        await page.WaitForFunctionAsync("() => window.restarted");
        Assert.Equal("2", await ResultAsync(page, "1 + 1"));
        Assert.Equal(1, await page.EvaluateAsync<int>("() => Jupyter.notebook.get_selected_cell().input_prompt_number"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, "restart.png") });
    }

    private static async Task<string> ResultAsync(IPage page, string code)
    {
        await NewCellAsync(page, code);
        await page.EvaluateAsync("() => Jupyter.notebook.get_selected_cell().execute()");
        // The output comes before the reply; only the reply replaces the prompt's star by a number.
        await page.WaitForFunctionAsync("() => { const c = Jupyter.notebook.get_selected_cell(); return c.output_area.outputs.length > 0 && typeof c.input_prompt_number === 'number'; }");
        return await page.EvaluateAsync<string>("() => { const o = Jupyter.notebook.get_selected_cell().output_area.outputs[0]; return o.data ? o.data['text/plain'] : o.ename + ': ' + o.evalue; }");
    }

    /// <summary>A new cell below all others, into which the keyboard types.</summary>
    private static async Task NewCellAsync(IPage page, string code)
    {
        await page.EvaluateAsync("() => { const n = Jupyter.notebook; n.insert_cell_at_bottom('code'); n.select(n.ncells() - 1); n.edit_mode(); n.get_selected_cell().focus_editor(); }");
        await page.Keyboard.TypeAsync(code);
    }
}
