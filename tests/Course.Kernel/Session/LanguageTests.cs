using Course.Kernel.Session;

namespace Course.Kernel.Tests.Session;

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
        var cursor = code.IndexOf('|');
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

    [Fact]
    public async Task Inspect_ShowsSignatureAndDocumentation()
    {
        var found = await session.Session.InspectAsync("Math.Sqrt(2)", 7);
        Assert.Contains("double Math.Sqrt(double d)", found?.PlainText);
        Assert.Contains("square root", found?.PlainText);
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
