using Course.Base;
using Course.Notebooks;
using Course.Session.Contract;
using Course.Session.Host;

namespace Course.Session.Tests;

public sealed class DirectiveTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task Reference_ByPath_FindsTheLibraryAndItsSiblings()
    {
        // The library beside this test's own assemblies uses Markdig, which lies beside it.
        string library = typeof(Notebook).Assembly.Location;
        session.Write("copy/Markdig.dll", "");
        File.Copy(Path.Combine(Path.GetDirectoryName(library)!, "Markdig.dll"), Path.Combine(session.Folder, "copy", "Markdig.dll"), overwrite: true);
        var ran = await session.RunAsync("#r \"copy/Markdig.dll\"\nMarkdig.Markdown.ToPlainText(\"*hi*\").Trim()");
        Assert.Equal("hi", ran.Value);
    }

    [Fact]
    public async Task Reference_BuiltAgainWhileItIsInUse_StaysWhatItWas()
    {
        string library = session.Write("built/xunit.v3.assert.dll", "");
        File.Copy(typeof(Assert).Assembly.Location, library, overwrite: true);
        Assert.Null((await session.RunAsync("#r \"built/xunit.v3.assert.dll\"")).Result.Error);
        // In place, as a build does it: whoever has the file mapped sees the new bytes.
        await using (var file = File.OpenWrite(library))
            file.Write(new byte[file.Length]);
        Assert.Equal("kept", (await session.RunAsync("new Xunit.Sdk.XunitException(\"kept\").Message")).Value);
    }

    [Fact]
    public async Task Reference_ThatIsMissing_SaysWhichFile()
    {
        var ran = await session.RunAsync("1 + 1;\n#r \"no/such.dll\"");
        Assert.Equal(("DirectiveError", 2), (ran.Result.Error?.Name, ran.Result.Error?.Line));
        Assert.Contains(Path.Combine(session.Folder, "no", "such.dll"), ran.Result.Error!.Message);
    }

    [Fact]
    public async Task Reference_OfTheEnginesPackageBesideItsLibrary_IsRefusedBeforeItIsRestored()
    {
        string library = Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "artifacts", "lib", "TorchSharp.dll").Replace('\\', '/');
        await using var own = await SessionProcess.StartAsync(new SessionOptions { WorkingDirectory = session.Folder });
        Assert.Null((await own.ExecuteAsync(new CellRequest($"#r \"{library}\"", "cell[1]", "csharp"), _ => { })).Error);
        var refused = await own.ExecuteAsync(new CellRequest("#r \"nuget: TorchSharp-cpu, 0.107.0\"", "cell[2]", "csharp"), _ => { });
        Assert.Contains("two types Tensor", refused.Error?.Message);
        Assert.Contains("--engine torchsharp-cpu", refused.Error?.Message);
    }

    [Fact]
    public async Task Reference_ThatIsNoAssembly_SaysSo()
    {
        session.Write("text.dll", "no assembly");
        Assert.Contains("is no .NET assembly", (await session.RunAsync("#r \"text.dll\"")).Result.Error?.Message);
    }

    [Theory]
    [InlineData("#!set --name asked --value @input:\"Your name?\"\nasked", "Ada")]
    [InlineData("#!set --name secret --value @password:{\"prompt\": \"Your name?\", \"saveAs\": \"name\"}\nsecret.GetClearTextPassword()", "Ada")]
    [InlineData("#!set --name data --value {\"a\": [1, 2]}\ndata", "{\"a\": [1, 2]}")]
    [InlineData("var own = 3;\n#!share --from csharp own\nown", "3")]
    public async Task Set_TakesAnAnswer_AndJson_AndShareWhatIsThere(string code, string value)
    {
        session.Session.InputRequested = asked => Task.FromResult<string?>(asked.Prompt == "Your name?" ? "Ada" : null);
        var outputs = new List<CellOutput>();
        var result = await session.Session.ExecuteAsync(new CellRequest(code, "cell[asks]", AllowInput: true), outputs.Add);
        session.Session.InputRequested = null;
        Assert.Equal((null, value), (result.Error?.Message, (string?)outputs.OfType<ExecuteResult>().Single().Data["text/plain"]));
    }

    [Fact]
    public async Task TwoVersionsOfAPackageInACell_AreRefusedBeforeAnythingIsRestored()
    {
        var ran = await session.RunAsync("#r \"nuget: Course.Does.Not.Exist, 1.0.0\"\n#r \"nuget: course.does.not.exist, 2.0.0\"");
        Assert.Equal(("package Course.Does.Not.Exist 1.0.0 is asked for a second time, as 2.0.0; keep one of them", 2), (ran.Result.Error?.Message, ran.Result.Error?.Line));
    }

    [Fact]
    public async Task Value_OfJson_IsSharedAsADocument()
    {
        await session.RunAsync("#!value --name document --mime-type application/json\n{\"a\": 5}");
        Assert.Equal("5", (await session.RunAsync("#!share document --from value\ndocument.RootElement.GetProperty(\"a\").GetInt32()")).Value);
    }

    [Theory]
    [InlineData("using Newtonsoft.Json.Linq;\n(int)JObject.Parse(\"{\\\"a\\\": 5}\")[\"a\"]", "5")]
    [InlineData("using Microsoft.AspNetCore.Html;\nIHtmlContent content = HTML(\"<b>x</b>\");\ncontent.ToString()", "<b>x</b>")]
    public async Task WhatDotNetInteractiveOffersToEveryCell_IsThereWithoutAReference(string code, string value) =>
        Assert.Equal(value, (await session.RunAsync(code)).Value);

    [Fact]
    public async Task Share_WithAScript_GivesItTheVariable()
    {
        await session.RunAsync("var rows = new[] { new { Name = \"</script>\" } };");
        var ran = await session.RunAsync("#!javascript\n#!share --from csharp rows --as table\nconsole.log(table);");
        Assert.Null(ran.Result.Error);
        string first = (string)ran.Displays[0].Data["text/html"]!;
        Assert.StartsWith("<script type=\"text/javascript\">\nwindow[\"table\"] = [{\"Name\":\"", first);
        Assert.Equal(first.Length - "</script>".Length, first.IndexOf("</script>", StringComparison.Ordinal));
        Assert.Contains("console.log(table);", (string?)ran.Displays[1].Data["text/html"]);
        Assert.Contains("there is no variable 'nosuch'", (await session.RunAsync("#!javascript\n#!share --from csharp nosuch")).Result.Error?.Message);
    }

    [Fact]
    public async Task Value_FromAnAddressThatDoesNotAnswer_SaysSo()
    {
        var ran = await session.RunAsync("#!value --from-url http://127.0.0.1:9/data.json --name fetched");
        Assert.Contains("http://127.0.0.1:9/data.json cannot be read", ran.Result.Error?.Message);
    }

    [Theory]
    [InlineData("Console.Write(1);\n#!unknown", 2)]
    [InlineData("#!connect jupyter", 1)]
    public async Task UnknownDirective_IsRefusedBeforeAnythingRuns(string code, int line)
    {
        var ran = await session.RunAsync(code);
        Assert.Equal(("", line), (ran.Out, ran.Result.Error?.Line));
    }

    [Fact]
    public async Task CSharpPreprocessorLines_AndIndentedDirectives_AreNoDirectives()
    {
        var ran = await session.RunAsync("#region r\n#nullable disable\nvar text = \"\"\"\n    #!nothing\n    \"\"\";\n#endregion\n#if DEBUG\n#endif\ntext");
        Assert.Equal("#!nothing", ran.Value);
    }

    [Fact]
    public async Task Load_BringsDefinitions_AndErrorsNameTheFile()
    {
        session.Write("helpers.csx", "int Thrice(int x) => 3 * x;\nint Bad(int x)\n{\n    throw new Exception(\"bad\");\n}");
        Assert.Equal("6", (await session.RunAsync("#load \"helpers.csx\"\nThrice(2)")).Value);
        var failed = await session.RunAsync("Bad(1)");
        Assert.Contains($"helpers.csx, line 4", string.Join('\n', failed.Result.Error!.Traceback));
    }

    [Fact]
    public async Task Import_RunsTheCodeCellsOfANotebook()
    {
        var notebook = Notebook.Create();
        notebook.Add("markdown", "# Text", "a");
        notebook.Add("code", "var imported = 20;", "b");
        notebook.Add("code", "throw new Exception();", "c", "skip-execution");
        session.Write("library.ipynb", notebook.ToString());
        Assert.Equal("21", (await session.RunAsync("#!import library.ipynb\nimported + 1")).Value);
    }

    [Fact]
    public async Task LineNumbers_BehindDirectives_AreTheCells()
    {
        var ran = await session.RunAsync("#!markdown\n# Heading\n#!csharp\nvar g1 = 1;\n\nthrow new Exception(\"x\");");
        Assert.Equal(6, ran.Result.Error?.Line);
        Assert.Equal("# Heading", (string?)ran.Displays[0].Data["text/markdown"]);
    }

    [Theory]
    [InlineData("#!html\n<b>x</b>", "text/html", "<b>x</b>")]
    [InlineData("#!mermaid\ngraph LR", "text/vnd.mermaid", "graph LR")]
    [InlineData("#!svg\n<svg/>", "image/svg+xml", "<svg/>")]
    [InlineData("#!javascript\nalert(1)", "text/html", "<script type=\"text/javascript\">\nalert(1)\n</script>")]
    public async Task OtherLanguages_AreShown(string code, string mimeType, string expected) =>
        Assert.Equal(expected, (string?)Assert.Single((await session.RunAsync(code)).Displays).Data[mimeType]);

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "csharp", "F#")]
    [InlineData("Get-Item", "pwsh", "PowerShell")]
    [InlineData("#!sql\nselect 1", "csharp", "SQL")]
    public async Task LanguageOfAnotherKernel_IsNamed_WithWhatRunsIt(string code, string language, string name) =>
        Assert.Contains($"for {name} choose the kernel .NET Interactive", (await session.RunAsync(code, language)).Result.Error?.Message);

    [Fact]
    public async Task WhoAndWhos_NameTheVariables_TheLatestOfEachName()
    {
        await session.RunAsync("int whoCount = 1;\nvar whoNames = new Dictionary<string, int[]>();");
        await session.RunAsync("string whoCount = \"a < b\";");
        Assert.Contains("whoCount\nwhoNames", (string?)Assert.Single((await session.RunAsync("#!who")).Displays).Data["text/plain"]);
        var table = Assert.Single((await session.RunAsync("#!whos")).Displays).Data;
        Assert.Contains("<tr><td>whoCount</td><td>String</td><td>a &lt; b</td></tr>", (string?)table["text/html"]);
        Assert.Contains("whoNames\tDictionary<String, Int32[]>\t", (string?)table["text/plain"]);
    }

    [Fact]
    public async Task LsmagicAndAbout_SayWhatThereIs()
    {
        var directives = Assert.Single((await session.RunAsync("#!lsmagic")).Displays).Data;
        Assert.Contains("#!whos\tShows the variables", (string?)directives["text/plain"]);
        Assert.Contains("<td><code>#r &quot;path.dll&quot; or", (string?)directives["text/html"]);
        Assert.Contains($".NET {Environment.Version}", (string?)Assert.Single((await session.RunAsync("#!about")).Displays).Data["text/plain"]);
    }

    [Theory]
    [InlineData("using var reader = new System.IO.StringReader(\"\");", "using (var x = …)")]
    [InlineData("static class Extensions { public static int Twice(this int x) => 2 * x; }", "without a class around it")]
    [InlineData("namespace Shapes { class Circle; }", "leave its line and braces away")]
    public async Task WhatAScriptDoesNotAllow_IsSaid_WithTheWayAround(string code, string way) =>
        Assert.Contains(way, string.Join('\n', (await session.RunAsync(code)).Result.Error!.Traceback));

    [Fact]
    public async Task CellOfAnotherLanguage_IsShown() =>
        Assert.Equal("*x*", (string?)Assert.Single((await session.RunAsync("*x*", "markdown")).Displays).Data["text/markdown"]);

    [Fact]
    public async Task Time_ShowsTheWallTime() =>
        Assert.StartsWith("Wall time: ", (string?)Assert.Single((await session.RunAsync("#!time\nvar h1 = 1;")).Displays).Data["text/plain"]);

    [Theory]
    [InlineData("#!set --name s1 --value 5", "s1 + 1", "51")]
    [InlineData("#!set --name s2 --value \"some text\"", "s2.Length", "9")]
    [InlineData("var s3 = 2.5;\n#!set --name s4 --value @csharp:s3", "s4 * 2", "5")]
    [InlineData("var s5 = 1;\n#!share s5 --from csharp --as s6", "s6", "1")]
    [InlineData("#!value --name data\nline one\nline two", "1", "1")]
    public async Task SetShareAndValue_GiveVariables(string code, string expression, string expected)
    {
        Assert.Equal(CellStatus.Ok, (await session.RunAsync(code)).Status);
        Assert.Equal(expected, (await session.RunAsync(expression)).Value);
    }

    [Fact]
    public async Task Share_FromValue_GivesItsText()
    {
        await session.RunAsync("#!value --name v1\na,b\n1,2");
        Assert.Equal("a,b\n1,2", (await session.RunAsync("#!share v1 --from value\nv1")).Value);
    }

    [Theory]
    [InlineData("#r \"nuget: Markdig, newest\"", "is no version; expected one such as 1.2.3")]
    [InlineData("#r nuget:Markdig,newest // without quotes", "'newest' is no version")]
    [InlineData("#r nonsense", "quoted target")]
    [InlineData("#!set --name x1", "--value")]
    [InlineData("#!share v9 --from value", "there is no value 'v9'")]
    public async Task WrongDirective_SaysWhatIsExpected(string code, string expected) =>
        Assert.Contains(expected, (await session.RunAsync(code)).Result.Error?.Message);
}
