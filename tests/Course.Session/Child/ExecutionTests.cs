using Course.Session.Contract;

namespace Course.Session.Tests;

public sealed class ExecutionTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task CellsWithoutNewNames_LeaveNoTrace_AndThoseWithNamesStay()
    {
        await session.RunAsync("var n1 = 1; int Twice(int x) => 2 * x;");
        await session.RunAsync("n1 = 20;");
        await session.RunAsync("n1 + 1");
        await session.RunAsync("using System.Globalization;");
        await session.RunAsync("int.TryParse(\"1\", out var n2);");
        await session.RunAsync("n2 += n1;");
        await session.RunAsync("class Named { public int Value = 1; }");
        await session.RunAsync("if (n2 is var n3 && n3 > 0) { }");
        Assert.Equal("42 1 en", (await session.RunAsync("$\"{Twice(n2)} {new Named().Value} {CultureInfo.GetCultureInfo(\"en\")}\"")).Value);
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("\"text\"", "text")]
    [InlineData("0.5", "0.5")]
    [InlineData("true", "True")]
    [InlineData("(string)null", "<null>")]
    [InlineData("new[] { 1, 2 }", "[ 1, 2 ]")]
    [InlineData("new System.Threading.Timer(_ => { }).GetType()", "System.Threading.Timer")]
    public async Task LastExpression_WithoutSemicolon_IsShownAsPlainText(string code, string expected) =>
        Assert.Equal(expected, (await session.RunAsync(code)).Value);

    [Theory]
    [InlineData("int.Parse(\"1\");", false)]
    [InlineData("Console.Write(1)", false)]
    [InlineData("var a1 = 1;", false)]
    [InlineData("await Task.CompletedTask", false)]
    [InlineData("await Task.FromResult(3)", true)]
    public async Task LastStatement_WithoutValue_ShowsNothing(string code, bool shows)
    {
        var ran = await session.RunAsync(code);
        Assert.Equal(CellStatus.Ok, ran.Status);
        Assert.Equal(shows, ran.Value is not null);
    }

    [Theory]
    [InlineData("using System.Xml.Linq;", "new XElement(\"a\").ToString()", "<a />")]
    [InlineData("dynamic anything = 41;", "anything + 1", "42")]
    [InlineData("using System.Diagnostics;", "new ProcessStartInfo(\"a\").FileName", "a")]
    [InlineData("var notThere = misspelt;", "using System.Collections.Immutable;\nImmutableArray.Create(7)[0]", "7")]
    public async Task PartsOfTheFramework_ThatFewCellsNeed_AreThereForThoseThatDo(string first, string second, string expected)
    {
        await session.RunAsync(first);
        Assert.Equal(expected, (await session.RunAsync(second)).Value);
    }

    [Fact]
    public async Task Variables_SetBeforeAThrow_Survive()
    {
        var thrown = await session.RunAsync("var b1 = 1;\nb1 = 2;\nthrow new Exception(\"no\");\nb1 = 3;");
        Assert.Equal(CellStatus.Error, thrown.Status);
        Assert.Equal("2", (await session.RunAsync("b1")).Value);
    }

    [Fact]
    public async Task Functions_Types_AndUsings_FlowToLaterCells()
    {
        await session.RunAsync("using System.Globalization;\nrecord C1(int X);\nint Twice(int x) => 2 * x;");
        Assert.Equal("C1 { X = 8 } Invariant Language (Invariant Country)",
            (await session.RunAsync("$\"{new C1(Twice(4))} {CultureInfo.InvariantCulture.EnglishName}\"")).Value);
    }

    [Fact]
    public async Task CellOfUsingsOnly_Runs() =>
        Assert.Equal(CellStatus.Ok, (await session.RunAsync("using System.Net;\nusing System.Text.Json;")).Status);

    [Theory]
    [InlineData("")]
    [InlineData("// only a comment")]
    public async Task EmptyCell_Passes(string code) => Assert.Equal(CellStatus.Ok, (await session.RunAsync(code)).Status);

    [Fact]
    public async Task SystemIO_IsNotImported() =>
        Assert.Equal("CompilationError", (await session.RunAsync("Directory.GetCurrentDirectory()")).Result.Error?.Name);

    [Fact]
    public async Task CompileError_NamesCellLineAndColumn()
    {
        var ran = await session.RunAsync("var d1 = 1;\nfor (var i = 0; i < 2; i++) { int d2 = \"x\"; }");
        Assert.Equal(2, ran.Result.Error?.Line);
        Assert.StartsWith($"{ran.Name}(2,40): error CS0029", ran.Result.Error?.Traceback[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompileError_RunsNothing()
    {
        var ran = await session.RunAsync("Console.WriteLine(\"never\");\nundefined();");
        Assert.Equal("", ran.Out);
        Assert.Equal(CellStatus.Error, ran.Status);
    }

    [Fact]
    public async Task Exception_NamesTheLineOfTheCell_EvenThroughAFunctionOfAnEarlierOne()
    {
        var earlier = await session.RunAsync("int Fails(int x)\n{\n    if (x > 0)\n        throw new ArgumentException(\"too large\");\n    return x;\n}");
        var ran = await session.RunAsync("var e1 = 0;\n\nFails(e1 + 1)");
        Assert.Equal(("ArgumentException", "too large", 3), (ran.Result.Error?.Name, ran.Result.Error?.Message, ran.Result.Error?.Line));
        Assert.Equal(
            ["System.ArgumentException: too large", $"   at Fails(Int32 x) in {earlier.Name}, line 4", $"   at {ran.Name}, line 3"],
            ran.Result.Error!.Traceback);
    }

    [Fact]
    public async Task Exception_BehindAnAwaitOnAnotherThread_NamesTheLine()
    {
        var ran = await session.RunAsync("await Task.Delay(1);\nawait Task.Run(() =>\n{\n    throw new Exception(\"deep\");\n});");
        Assert.Equal(4, ran.Result.Error?.Line);
    }

    [Theory]
    [InlineData("#if true\nfor (var i = 0; i < 2; i++)\n{\n#if true\n    w1++;\n#endif\n}\n#endif\nw1", "2")]
    [InlineData("while (w1 < 5)\n#if true\n    w1++;\n#endif\nw1", "5")]
    [InlineData("int W(int n) =>\n#if true\n    n + 1;\n#endif\nW(1)", "2")]
    [InlineData("// a comment\nif (true) while (w1 < 3) w1++; else w1 = 9; // another\nw1", "3")]
    [InlineData("do w1++; while (w1 < 3);\nw1", "3")]
    [InlineData("void V() => w1 = 4;\nasync Task A() => await Task.Run(V);\nawait A();\nw1", "4")]
    [InlineData("static ref int R(int[] a) => ref a[0];\nvar a0 = new int[1];\nR(a0) = 6;\na0[0]", "6")]
    [InlineData("int T() => throw new Exception(\"x\");\ntry { T(); } catch (Exception) { w1 = 1; }\nw1", "1")]
    public async Task CheckedCode_MeansWhatWasWritten(string code, string expected)
    {
        await session.RunAsync("var w1 = 0;");
        Assert.Equal(expected, (await session.RunAsync(code)).Value);
    }

    [Theory]
    [InlineData("Text(n =>\n{\n    foreach (int i in new[] { n }) { n += i; }\n    return n;\n})", "n =>\n{\n    foreach (int i in new[] { n }) { n += i; }\n    return n;\n}")]
    [InlineData("Text(n =>\n{\n    while (n < 3) n++;\n    int Twice(int i) { return 2 * i; }\n    return Twice(n);\n})", "n =>\n{\n    while (n < 3) n++;\n    int Twice(int i) { return 2 * i; }\n    return Twice(n);\n}")]
    public async Task TextOfAnArgument_IsTheReadersOwn_ButForSpaces(string code, string expected)
    {
        const string Text = "string Text(Func<int, int> f, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(f))] string text = \"\") { f(1); return text; }\n";
        string text = (await session.RunAsync(Text + code)).Value!;
        Assert.Equal(Words(expected), Words(text));

        static string Words(string s) => string.Join(' ', s.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Numbers_PrintInvariantly() =>
        Assert.Equal("0.5 1,000.0", (await session.RunAsync("$\"{0.5} {1000:N1}\"")).Value);

    [Fact]
    public async Task StandardInput_WithoutAHostThatAnswers_IsEmpty_AndSaysSoOnce_AndQuestionsFail()
    {
        var ran = await session.RunAsync("Console.ReadLine() is null && Console.Read() < 0");
        Assert.Equal("True", ran.Value);
        Assert.Equal(2, ran.Error.Split("nobody can be asked").Length);
        Assert.Contains("nobody can be asked", (await session.RunAsync("GetInput()")).Result.Error!.Message);
    }

    [Fact]
    public async Task CellLoops_RunOptimised()
    {
        // Unoptimised code takes several times as long; the check in the loop is there in both.
        var ran = await session.RunAsync("""
            static double Sum(int n) { double s = 0; for (var i = 0; i < n; i++) s += i * 0.5; return s; }
            Sum(1000);
            System.Reflection.MethodBase.GetCurrentMethod().Module.Assembly.GetCustomAttributes(typeof(System.Diagnostics.DebuggableAttribute), false)
                .Cast<System.Diagnostics.DebuggableAttribute>().Any(a => a.IsJITOptimizerDisabled)
            """);
        Assert.Equal("False", ran.Value);
    }

    [Theory]
    [InlineData("var two = 1 + 1;", true)]
    [InlineData("foreach (var i in new[] { 1 }) { }", false)]
    [InlineData("switch (1) { case 1: goto case 2; case 2: break; }", false)]
    [InlineData("int[] copy = [.. new List<int> { 1 }];", false)]
    [InlineData("Func<int, int> twice = i => 2 * i;", false)]
    [InlineData("int Twice(int i) => 2 * i;", false)]
    [InlineData("class Twice { }", false)]
    public async Task CodeThatRunsOnce_IsNotToBeImproved(string code, bool once)
    {
        var ran = await session.RunAsync($"{code}\nSystem.Reflection.MethodBase.GetCurrentMethod().MethodImplementationFlags.HasFlag(System.Reflection.MethodImplAttributes.NoOptimization)");
        Assert.Equal($"{once}", ran.Value);
    }
}
