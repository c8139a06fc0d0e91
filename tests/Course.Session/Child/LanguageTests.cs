using Course.Session.Contract;

namespace Course.Session.Tests;

public sealed class LanguageTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    [Theory]
    [InlineData("Console.Wri|", "WriteLine", "method")]
    [InlineData("k1.Sub|", "Substring", "method")]
    [InlineData("var y = k|", "k1", "variable")]
    [InlineData("k2.Sel|", "Select", "method")]
    [InlineData("System.Coll|", "Collections", "namespace")]
    [InlineData("fore|", "foreach", "keyword")]
    [InlineData("DayOfWeek.Fri|", "Friday", "enum member")]
    [InlineData("#!time\nk1.Len|", "Length", "property")]
    public async Task Complete_KnowsTheFrameworkAndEarlierCells(string code, string expected, string kind)
    {
        await session.RunAsync("var k1 = \"text\"; var k2 = new List<int>();");
        int cursor = code.IndexOf('|');
        var found = await session.Session.CompleteAsync(code.Remove(cursor, 1), cursor);
        Assert.Contains((expected, kind), found.Items.Select(i => (i.Text, i.Kind)));
        Assert.Equal(cursor, found.End);
    }

    [Fact]
    public async Task Complete_OfAnInstance_OffersNoStaticMembers()
    {
        var found = await session.Session.CompleteAsync("\"a\".", 4);
        Assert.DoesNotContain("IsNullOrEmpty", found.Items.Select(i => i.Text));
        Assert.Contains("Length", found.Items.Select(i => i.Text));
    }

    [Theory]
    [InlineData("#|", "#r,#i,#load,#!import,#!time,#!set,#!share,#!value,#!csharp,#!markdown,#!html,#!javascript,#!svg,#!who,#!whos,#!about,#!lsmagic,#!mermaid", 0)]
    [InlineData("var a = 1;\n#!ti|me", "#!time", 11)]
    [InlineData("#r \"FOLDER/|", "inner/,Library.dll", -1)]
    [InlineData("#r \"FOLDER/inner/De|", "Deep.dll", -1)]
    [InlineData("#load \"FOLDER/s|", "script.csx", -1)]
    [InlineData("#!import FOLDER/|", "inner/,notebook.ipynb,script.csx", -1)]
    [InlineData("#r \"nuget: Sys|", "", -1)]
    [InlineData("#r \"FOLDER/nowhere/|", "", -1)]
    public async Task Complete_OfADirective_KnowsNamesAndFiles(string code, string expected, int start)
    {
        string folder = Directory.CreateTempSubdirectory("directives-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        foreach (string file in (string[])["Library.dll", "script.csx", "notebook.ipynb", "other.txt", ".hidden.dll", Path.Combine("inner", "Deep.dll")])
            File.WriteAllText(Path.Combine(folder, file), "");
        code = code.Replace("FOLDER", folder, StringComparison.Ordinal);
        int cursor = code.IndexOf('|', StringComparison.Ordinal);
        code = code.Remove(cursor, 1);
        var found = await session.Session.CompleteAsync(code, cursor);
        Directory.Delete(folder, recursive: true);
        Assert.Equal(expected, string.Join(',', found.Items.Select(i => i.Text)));
        Assert.Equal(start >= 0 ? start : found.Items.Count == 0 ? cursor : code.LastIndexOf('/') + 1, found.Start);
        Assert.Equal(start >= 0 ? code.Length : cursor, found.End);
    }

    /// <summary>The list that the parser knows and the one that is offered are kept apart.</summary>
    [Fact]
    public async Task EveryDirectiveThatIsOffered_IsKnownToTheKernel()
    {
        foreach (var directive in (await session.Session.CompleteAsync("#!", 2)).Items)
        {
            var error = (await session.RunAsync(directive.Text)).Result.Error;
            Assert.DoesNotContain("is no directive", error?.Message ?? "");
        }
        string refused = (await session.RunAsync("#!nonsense")).Result.Error!.Message;
        Assert.All((await session.Session.CompleteAsync("#", 1)).Items, directive => Assert.Contains(directive.Text, refused));
    }

    [Fact]
    public async Task Inspect_OfADirective_SaysWhatItDoes()
    {
        Assert.Contains("nuget: Id, Version", (await session.Session.InspectAsync("var a = 1;\n#r \"x.dll\"", 12))?.PlainText);
        Assert.Null(await session.Session.InspectAsync("#!nonsense", 3));
    }

    [Fact]
    public async Task Inspect_ShowsSignatureAndDocumentation()
    {
        var found = await session.Session.InspectAsync("Math.Sqrt(2)", 7);
        Assert.Contains("double Math.Sqrt(double d)", found?.PlainText);
        Assert.Contains("square root", found?.PlainText);
        // The framework documents its values as a table.
        Assert.Contains("• Zero or positive: The positive square root of d.", found?.PlainText);
    }

    [Fact]
    public async Task Inspect_OfNothing_IsNull() => Assert.Null(await session.Session.InspectAsync("   ", 1));

    [Theory]
    [InlineData("1 + 1", Completeness.Complete)]
    [InlineData("for (var i = 0; i < 3; i++) {", Completeness.Incomplete)]
    [InlineData("var x = ;", Completeness.Invalid)]
    public async Task IsComplete_TellsUnfinishedFromWrong(string code, Completeness expected) =>
        Assert.Equal(expected, await session.Session.IsCompleteAsync(code));

    [Fact]
    public async Task Complete_WhileACellRuns_Answers()
    {
        var running = session.Session.ExecuteAsync(new CellRequest("while (true) { }", "cell[c]"), _ => { });
        Assert.NotEmpty((await session.Session.CompleteAsync("Math.S", 6)).Items);
        session.Session.Interrupt();
        await running;
    }
}
