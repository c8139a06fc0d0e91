using System.Text;
using System.Text.RegularExpressions;
using Course.Book.Building;

namespace Course.Book.Tests;

public sealed class BookBuilderTests : IDisposable
{
    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Build_ASoundRun_HasAPageForEachNotebookAndNothingToMend()
    {
        var result = await _run.BuildAsync();

        Assert.Empty(result.Findings);
        Assert.Equal((2, 2), (result.Pages, result.Written));
        Assert.Contains("<a href=\"01-first.html\"", _run.Page("index"));
        Assert.Contains("<a rel=\"next\" href=\"02-second.html\"", _run.Page("01-first"));
    }

    [Fact]
    public async Task Build_TheStartPage_TellsWhatEachChapterNeeds()
    {
        await _run.BuildAsync();
        Assert.Contains("Needs C#; part <a href=\"02-second.html\">02</a> helps.</small></td>", _run.Page("index"));
        Assert.Contains("Needs A &lt; B, <a href=\"01-first.html\">01</a>.</small></td>", _run.Page("index"));
    }

    [Fact]
    public async Task Build_Links_LeadToPagesHeadingsAndCells()
    {
        await _run.BuildAsync();
        string page = _run.Page("01-first");

        Assert.Contains("<a href=\"02-second.html#more\"", page);
        Assert.Contains("<a href=\"02-second.html#cell-second-code\"", page);
        Assert.Contains("title=\"in the repository: ../lib/thing.cs\"", page);
        Assert.Contains("id=\"more\"", _run.Page("02-second"));
        Assert.Contains("id=\"cell-second-code\"", _run.Page("02-second"));
    }

    [Fact]
    public async Task Build_Mathematics_IsTypesetAndEquationsHaveAnchors()
    {
        await _run.BuildAsync();
        string page = _run.Page("01-first");

        Assert.Contains("class=\"katex\"", page);
        Assert.Contains("id=\"eq-1.1\"", page);
        Assert.DoesNotContain("$a^2$", page);
    }

    [Fact]
    public async Task Build_Code_IsColouredAsTheCompilerSeesItAndNamesAreExplained()
    {
        await _run.BuildAsync();
        string page = _run.Page("01-first");

        Assert.Contains("<span class=\"k\">var</span> <span class=\"f\">box</span>", page);
        Assert.Matches("<span class=\"m\" data-n=\"\\d+\">zeros</span>", page);
        Assert.Matches("<span class=\"m\" data-n=\"\\d+\">That</span>", page);
        Assert.Contains("Check.That(bool condition, string claim", page);
        // A cell sees what those above declare, and no others.
        Assert.Contains("<span class=\"c\">// two rows</span>", page);
    }

    [Fact]
    public async Task Build_SolutionsAreFolded_AndTheTeachersNotesAreLeftOut()
    {
        await _run.BuildAsync();
        string page = _run.Page("01-first");

        Assert.Matches("<details class=\"solution\"><summary>Solution</summary>.*42", page);
        Assert.DoesNotContain("xylophone", page);
        Assert.DoesNotContain("xylophone", File.ReadAllText(_run.PathOf("book", "assets", "search-index.js")));
    }

    [Fact]
    public async Task Build_Search_KnowsTheTextUnderEachHeading()
    {
        await _run.BuildAsync();
        string index = File.ReadAllText(_run.PathOf("book", "assets", "search-index.js"));

        Assert.Contains("\"heading\":\"A section\",\"page\":\"01 The first\",\"start\":\"Text with", index);
        Assert.Contains("02-second.html#more", index);
    }

    [Fact]
    public async Task Build_Outputs_AreShownWithTheirTextEscaped()
    {
        await _run.BuildAsync();

        Assert.Contains("<p class=\"check held\">✓ it has two rows</p>", _run.Page("01-first"));
        Assert.Contains("Exception: on &lt;purpose&gt;", _run.Page("01-first"));
        Assert.Contains("<pre class=\"text\">2</pre>", _run.Page("02-second"));
    }

    [Fact]
    public async Task Build_AFigureShownTwice_HasItsIdsOnce()
    {
        await _run.BuildAsync();

        var ids = Regex.Matches(_run.Page("02-second"), " id=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task Build_NothingIsAskedOfAnotherHost()
    {
        await _run.BuildAsync();
        foreach (string page in Directory.GetFiles(_run.PathOf("book"), "*.html"))
            Assert.DoesNotMatch("(src|<link[^>]* href)=\"(https?:)?//", File.ReadAllText(page));
    }

    [Fact]
    public async Task Build_Again_WritesOnlyWhatChanged()
    {
        await _run.BuildAsync();
        Assert.Equal(0, (await _run.BuildAsync()).Written);

        SmallRun.Code(_run["02-second"], "second-new", "3", SmallRun.Data(("text/plain", "three")));
        // A new cell is a new anchor, which links of other pages may name: all pages are made again.
        Assert.Equal(2, (await _run.BuildAsync()).Written);
        _run["02-second"].Cells[^1].Outputs[0]!["data"]!["text/plain"] = "drei";
        Assert.Equal(1, (await _run.BuildAsync()).Written);
        Assert.Contains("drei", _run.Page("02-second"));
    }

    [Theory]
    [InlineData("[x](nowhere.ipynb)", "leads to nowhere.ipynb, which does not exist")]
    [InlineData("[x](01-first.ipynb#no-such)", "names a heading or cell 'no-such'")]
    [InlineData("$\\frac{1}$", "KaTeX refuses")]
    [InlineData("![](picture.png)", "has no alt text")]
    public async Task Build_ATextWithAFault_NamesNotebookAndCell(string text, string expected)
    {
        _run["02-second"].Add("markdown", text, "second-fault");

        var finding = Assert.Single((await _run.BuildAsync()).Findings);
        Assert.Equal("notebooks/02-second.ipynb", finding.Notebook);
        Assert.Equal("second-fault", finding.Cell);
        Assert.Contains(expected, finding.Message);
        // It is told again although the page did not change.
        Assert.Single((await _run.BuildAsync()).Findings);
    }

    [Fact]
    public async Task Build_ACellThatWasNotRun_IsFound()
    {
        SmallRun.Code(_run["02-second"], "second-late", "1").Metadata["tags"] = new System.Text.Json.Nodes.JsonArray("not-run");
        Assert.Contains("notrun", Assert.Single((await _run.BuildAsync()).Findings).Message);
    }

    [Fact]
    public async Task Build_AFigureWithoutAltText_IsFound()
    {
        SmallRun.Code(_run["02-second"], "second-svg", "1", SmallRun.Data(("text/html", "<svg></svg>"), ("text/plain", "")));
        Assert.Contains("neither a title nor a label", Assert.Single((await _run.BuildAsync()).Findings).Message);
    }

    [Fact]
    public async Task Print_TheBook_IsOnePdfOfEveryPage()
    {
        Chromium.SkipUnlessAskedFor();
        await _run.BuildAsync();
        string pdf = Encoding.Latin1.GetString(File.ReadAllBytes(await BookPdf.PrintAsync(_run.Options.Out, TestContext.Current.CancellationToken)));

        Assert.StartsWith("%PDF-", pdf);
        // The start page and the two chapters, each on a sheet of its own.
        Assert.InRange(Regex.Count(pdf, @"/Type /Page\b"), 3, 12);
        Assert.False(File.Exists(_run.PathOf("book", "print.html")));
    }

    [Fact]
    public async Task Build_WithoutARun_SaysHowToGetOne()
    {
        var error = await Assert.ThrowsAsync<BookException>(() => new BookBuilder(_run.Options).BuildAsync());
        Assert.Contains("course run", error.Message);
    }

    [Fact]
    public async Task Build_TwoNotebooksOfOneName_AreRefusedByName()
    {
        _run.Add("labs/01-first").Add("markdown", "# Again", "again");
        Assert.SkipUnless(Npm.IsHere, "npm is not on the PATH");
        _run.Write();
        var error = await Assert.ThrowsAsync<BookException>(() => new BookBuilder(_run.Options).BuildAsync());
        Assert.Contains("notebooks/labs/01-first.ipynb", error.Message);
    }
}
