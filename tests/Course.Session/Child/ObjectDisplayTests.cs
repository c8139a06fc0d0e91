using System.Text.Json.Nodes;
using Course.Session.Contract;

namespace Course.Session.Tests;

/// <summary>Objects are shown as .NET Interactive shows them, with text beside the HTML.</summary>
public sealed class ObjectDisplayTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    [Theory]
    [InlineData("new[] { 1, 2, 3 }", "[ 1, 2, 3 ]")]
    [InlineData("Enumerable.Range(0, 1000)", "[ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ... (980 more) ]")]
    [InlineData("DateTime.UnixEpoch.DayOfWeek", "Thursday")]
    [InlineData("TimeSpan.FromSeconds(3)", "00:00:03")]
    [InlineData("(string)null", "<null>")]
    [InlineData("1.5m", "1.5")]
    [InlineData("'c'", "c")]
    [InlineData("new System.Numerics.BigInteger(12)", "12")]
    public async Task NumbersTextsAndTheirLists_AreText(string code, string expected)
    {
        var data = await ValueAsync(code);
        Assert.Equal([("text/plain", expected)], data.Select(d => (d.Key, d.Value!.ToString())));
    }

    [Theory]
    [InlineData("new Person(\"Ada\", 36)", "<td>Name</td><td><div class=\"dni-plaintext\"><pre>Ada</pre></div></td>", "Age: 36")]
    [InlineData("new[] { new Person(\"Ada\", 36), new Person(\"Alan\", 41) }", "<th scope=\"col\"><i>index</i></th>", "Name: Alan")]
    [InlineData("new Dictionary<string, int> { [\"a\"] = 1 }", "<th scope=\"col\"><i>key</i></th>", "Key: a")]
    [InlineData("new { A = 1, B = new { C = 2 } }", "<code>{ C = 2 }</code>", "C: 2")]
    [InlineData("(1, \"b\")", "<td>Item1</td>", "( 1, b )")]
    [InlineData("new InvalidOperationException(\"so\")", "System.InvalidOperationException: so", "System.InvalidOperationException: so")]
    [InlineData("typeof(string)", "System.String</a>", "System.String")]
    public async Task ObjectWithParts_IsATableOrTree_WithTextBesideIt(string code, string html, string text)
    {
        await session.RunAsync("record Person(string Name, int Age);");
        var data = await ValueAsync(code);
        Assert.Contains(html, data["text/html"]!.ToString());
        Assert.Contains(text, data["text/plain"]!.ToString());
    }

    [Fact]
    public async Task SequenceThatIsComputedWhileItIsRead_IsReadOnce()
    {
        var ran = await session.RunAsync("int reads = 0;\nEnumerable.Range(1, 3).Select(i => { reads++; return new { A = i }; })");
        Assert.Contains("{ A = 3 }", ran.Value);
        Assert.Equal("3", (await session.RunAsync("reads")).Value);
    }

    [Fact]
    public async Task SequenceWithoutEnd_IsCutOff()
    {
        var data = await ValueAsync("IEnumerable<int> Forever() { for (int i = 0; ; i++) yield return i; }\nForever()");
        Assert.Contains("19 ... (more)", data["text/plain"]!.ToString());
    }

    [Fact]
    public async Task WhatACellRegisters_DecidesHowValuesAreShown()
    {
        await session.RunAsync("""
            using Microsoft.DotNet.Interactive.Formatting;
            record Celsius(double Degrees);
            Formatter.Register<Celsius>(c => $"<b>{c.Degrees} °C</b>", "text/html");
            Formatter.SetPreferredMimeTypesFor(typeof(Celsius), "text/html");
            Formatter.Register<float>(f => $"{f:F3}f", "text/plain");
            Formatter.SetPreferredMimeTypesFor(typeof(float), "text/plain");
            """);
        Assert.Equal([("text/html", "<b>20.5 °C</b>")], (await ValueAsync("new Celsius(20.5)")).Select(d => (d.Key, d.Value!.ToString())));
        Assert.Equal("2.000f", (await ValueAsync("2f"))["text/plain"]!.ToString());
        Assert.Equal("2", (await ValueAsync("2.0"))["text/plain"]!.ToString());
    }

    [Fact]
    public async Task Display_ShowsAnObject_AndUpdates_AndIsNotShownAgain()
    {
        var ran = await session.RunAsync("var shown = new { A = 1 }.Display();\nshown.Update(new { A = 2 });\nshown");
        Assert.Null(ran.Result.Error);
        var display = Assert.Single(ran.Displays);
        Assert.Contains("<td>A</td>", (string?)display.Data["text/html"]);
        var update = Assert.Single(ran.Outputs.OfType<UpdateDisplay>());
        Assert.Equal(display.DisplayId, update.DisplayId);
        Assert.Contains("A: 2", (string?)update.Data["text/plain"]);
        Assert.Empty(ran.Outputs.OfType<ExecuteResult>());
    }

    [Fact]
    public async Task Display_AnswersTheLibrarysOwnType_WhichPackagesUpdate()
    {
        var ran = await session.RunAsync("Microsoft.DotNet.Interactive.Formatting.DisplayedValue progress = \"0 %\".Display();\nprogress.Update(\"50 %\");");
        Assert.Null(ran.Result.Error);
        var (shown, update) = (Assert.Single(ran.Displays), Assert.Single(ran.Outputs.OfType<UpdateDisplay>()));
        Assert.Equal(("0 %", "50 %", shown.DisplayId), ((string?)shown.Data["text/plain"], (string?)update.Data["text/plain"], update.DisplayId));
    }

    [Theory]
    [InlineData("new { A = 1 }.Display(\"application/json\", \"text/html\");")]
    [InlineData("display(new { A = 1 }, \"application/json\", \"text/html\");")]
    public async Task Display_OfSeveralTypes_ShowsAllOfThem(string code)
    {
        var data = Assert.Single((await session.RunAsync(code)).Displays).Data;
        Assert.Equal("""{"A":1}""", data["application/json"]!.ToJsonString());
        Assert.Contains("<td>A</td>", (string?)data["text/html"]);
    }

    [Fact]
    public async Task ObjectWhoseTextThrows_IsShownByItsHtml()
    {
        await session.RunAsync("""
            using Microsoft.DotNet.Interactive.Formatting;
            class Silent { public int Loud => 7; }
            Formatter.Register<Silent>((silent, writer) => writer.Write("<i>seven</i>"), "text/html");
            Formatter.Register<Silent>((silent, writer) => throw new NotImplementedException(), "text/plain");
            """);
        var ran = await session.RunAsync("new { Inside = new Silent() }");
        Assert.Null(ran.Result.Error);
        Assert.Contains("Inside", ran.Value);
    }

    [Fact]
    public async Task DisplayTable_ShowsRows_Once()
    {
        var ran = await session.RunAsync("new[] { new { Town = \"Bonn\" } }.DisplayTable()");
        Assert.Null(ran.Result.Error);
        Assert.Contains("Bonn", Assert.IsType<DisplayData>(Assert.Single(ran.Outputs)).Data["text/html"]!.ToString());
    }

    [Theory]
    [InlineData("using static Microsoft.DotNet.Interactive.Formatting.PocketViewTags;\nspan(\"a<b\")", "<span>a&lt;b</span>")]
    [InlineData("using Microsoft.DotNet.Interactive.Formatting;\nHTML(new { A = 1 }.ToDisplayString(\"text/html\"))", "<td>A</td>")]
    public async Task FormattingLibrary_IsThereForCells(string code, string html) =>
        Assert.Contains(html, (await ValueAsync(code))["text/html"]!.ToString());

    private async Task<JsonObject> ValueAsync(string code)
    {
        var ran = await session.RunAsync(code);
        Assert.Null(ran.Result.Error);
        return Assert.Single(ran.Outputs.OfType<ExecuteResult>()).Data;
    }
}
