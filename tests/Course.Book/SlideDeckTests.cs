using System.Text.RegularExpressions;
using Course.Book.Slides;
using Course.Notebooks;
using Microsoft.Playwright;

namespace Course.Book.Tests;

public sealed class SlideDeckTests
{
    [Fact]
    public void Pieces_BeginAtHeadings_EndWhenFull_AndKeepAFoldTogether()
    {
        string words = string.Join(' ', Enumerable.Repeat("word", 120));
        var pieces = SlideText.Pieces($"# Title\n\n{words}\n\n{words}\n\n## Section\n\nShort.\n\n<details><summary>Answers</summary>\n\n{words}\n\n{words}\n\n</details>\n\nAfter.");
        Assert.Equal(4, pieces.Count);
        Assert.StartsWith("# Title", pieces[0]);
        Assert.StartsWith("word", pieces[1]);
        Assert.StartsWith("## Section\n\nShort.", pieces[2]);
        Assert.Contains("</details>", pieces[2]);
        Assert.Equal("After.", pieces[3]);
    }

    [Fact]
    public void Notes_GoToTheSectionsThatTheyName()
    {
        var notes = SpeakerNotes.BySection("**Show live.** In section 3.2 change the rate. Take it out again; section 3.4 says why.\n\nNothing.");
        Assert.Equal(["**Show live.** In section 3.2 change the rate."], notes["3.2"]);
        Assert.Equal(["Take it out again; section 3.4 says why."], notes["3.4"]);
        Assert.Equal("3.2", SpeakerNotes.NumberOf("## 3.2 The gradient"));
        Assert.Equal("", SpeakerNotes.NumberOf("## Summary 3"));
    }

    [Fact]
    public async Task Deck_IsOneFile_WithFiguresMathematicsAndNotes_AndWithoutSolutions()
    {
        Assert.SkipUnless(Npm.IsHere, "npm is not on the PATH: it brings KaTeX, Mermaid and reveal.js");
        using var run = new SmallRun();
        var notebook = run["01-first"];
        notebook.Add("markdown", "## 1.2 A diagram\n\n```mermaid\nflowchart LR\n  a --> b\n```", "first-diagram");
        notebook.Cells.Single(c => c.Id == "first-teacher").Source = "## Teacher notes\n\nSay xylophone. Draw section 1.2 on the board.";
        string page = await Deck(run).HtmlAsync(notebook);

        Assert.DoesNotMatch(@"<script[^>]+src", page);
        page = Regex.Replace(page, "<script>.*?</script>", "", RegexOptions.Singleline);
        Assert.DoesNotMatch(@"<(img|link|iframe)[^>]*(src|href)=""(?!data:)", page);
        Assert.DoesNotContain("url(fonts/", page);
        Assert.Contains("font/woff2;base64,", page);
        Assert.Contains("class=\"katex\"", page);
        Assert.Contains("aria-labelledby=\"fig0123456789-title\"", page);
        Assert.Matches("<aside class=\"notes\"><p>Say xylophone. Draw section 1.2 on the board.</p>", page);
        Assert.Matches("1.2 A diagram.*?<aside class=\"notes\"><p>Draw section 1.2 on the board.</p>", page.ReplaceLineEndings(" "));
        Assert.DoesNotContain(">42<", page);
        Assert.Equal(3, Regex.Count(page, "(?m)^<section>\n<section>"));
        // One cell of code a slide.
        Assert.All(page.Split("</section>"), slide => Assert.True(Regex.Count(slide, "aria-label=\"Code\"") <= 1, slide));
    }

    [Fact]
    public async Task Deck_OfANotebookThatWasNotExecuted_IsRefusedWithTheCommand()
    {
        using var run = new SmallRun();
        var notebook = Notebook.Create("09-raw.ipynb");
        notebook.Add("markdown", "# 09", "head");
        notebook.Add("code", "1 + 1", "code");
        var refusal = await Assert.ThrowsAsync<BookException>(() => Deck(run).HtmlAsync(notebook));
        Assert.Contains("09-raw.ipynb was not executed", refusal.Message);
        Assert.Contains("course run", refusal.Message);
    }

    /// <summary>Chromium opens the deck from disk, reveal.js runs, and no slide is higher or wider than the screen.</summary>
    [Fact]
    public async Task Deck_InABrowser_ShowsEverySlideWhole()
    {
        Chromium.SkipUnlessAskedFor();
        Assert.SkipUnless(Npm.IsHere, "npm is not on the PATH: it brings KaTeX, Mermaid and reveal.js");
        using var run = new SmallRun();
        var notebook = run["01-first"];
        string tall = "<svg role=\"img\" width=\"600\" height=\"520\" viewBox=\"0 0 600 520\"><title>Tall</title><rect width=\"600\" height=\"520\"/></svg>";
        SmallRun.Code(notebook, "first-tall", string.Join('\n', Enumerable.Repeat($"var text = \"{new string('x', 150)}\";", 8)), SmallRun.Data(("text/html", tall), ("text/plain", "Tall")));
        SmallRun.Code(notebook, "first-long", "lines", SmallRun.Data(("text/plain", string.Join('\n', Enumerable.Range(0, 200)))));
        File.WriteAllText(run.PathOf("deck.html"), await Deck(run).HtmlAsync(notebook));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.StartAsync(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        await page.GotoAsync(new Uri(run.PathOf("deck.html")).AbsoluteUri);
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.ready === '1'");
        string[] cut = await page.EvaluateAsync<string[]>("""
            () => Reveal.getSlides().map(slide => {
                const { h, v } = Reveal.getIndices(slide);
                Reveal.slide(h, v);
                const wide = [...slide.querySelectorAll("pre")].filter(e => e.scrollWidth > e.clientWidth + 2).length;
                return slide.scrollHeight > slide.clientHeight + 4 || wide ? `${h}/${v}: ${slide.scrollHeight} of ${slide.clientHeight} high, ${wide} pieces of code too wide` : "";
            }).filter(text => text)
            """);
        Assert.True(cut.Length == 0, string.Join("\n", cut));
    }

    private static SlideDeck Deck(SmallRun run) => new(run.Options.Repository, run.Options.Cache);
}
