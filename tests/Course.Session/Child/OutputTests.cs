using Course.Session.Contract;

namespace Course.Session.Tests;

public sealed class OutputTests(SessionFixture session) : IClassFixture<SessionFixture>
{
    [Fact]
    public async Task StreamsAndDisplays_ArriveInTheOrderOfTheCell()
    {
        var ran = await session.RunAsync("""
            for (var i = 0; i < 3; i++)
            {
                Console.Write($"out{i} ");
                Console.Error.Write($"err{i} ");
                display($"shown{i}");
            }
            "value"
            """);
        string[] expected = [.. Enumerable.Range(0, 3).SelectMany(i => (string[])[$"stdout out{i} ", $"stderr err{i} ", $"shown{i}"]), "value"];
        Assert.Equal(expected, ran.Outputs.Select(o => o switch
        {
            StreamOutput s => $"{s.Name} {s.Text}",
            DisplayData d => (string?)d.Data["text/plain"],
            ExecuteResult r => (string?)r.Data["text/plain"],
            _ => o.ToString(),
        }));
    }

    [Fact]
    public async Task CharactersWrittenInHalves_ArriveWhole_AndAHalfAloneIsReplaced()
    {
        var ran = await session.RunAsync("foreach (var half in \"a😀b\") Console.Write(half);\nConsole.Write('\\ud83d');");
        Assert.Equal("a😀b\ufffd", ran.Out);
        Assert.Equal("c\n", (await session.RunAsync("Console.WriteLine('c');")).Out);
    }

    [Theory]
    [InlineData("class Native1 { static Native1() { throw new DllNotFoundException(\"x\"); } public static int V = 1; }\nNative1.V", true)]
    [InlineData("throw new DllNotFoundException(\"x\");", false)]
    public async Task ANativeLibraryThatAnInitialiserMissed_AsksForARestart(string code, bool asks) =>
        Assert.Equal(asks, (await session.RunAsync(code)).Result.Error!.Traceback.Any(line => line.Contains("restart the kernel", StringComparison.Ordinal)));

    [Theory]
    [InlineData("return 5;", "5")]
    [InlineData("int returned = 3; if (returned > 2) { return returned; } returned + 100", "3")]
    [InlineData("if (DateTime.Now.Year < 1) return 1;\n\"else\"", "else")]
    [InlineData("int Inner() { return 5; }\nInner();", null)]
    [InlineData("Func<int> lambda = () => { return 5; };", null)]
    public async Task Return_AtTopLevel_IsTheCellsValue(string code, string? value) => Assert.Equal(value, (await session.RunAsync(code)).Value);

    [Fact]
    public async Task Culture_SetInACell_HoldsInTheNext()
    {
        await using var own = new SessionFixture();
        await own.InitializeAsync();
        await own.RunAsync("System.Globalization.CultureInfo.CurrentCulture = new(\"de-DE\");");
        Assert.Equal("1,5", (await own.RunAsync("Console.Write(1.5);")).Out);
        await own.RunAsync("void French() => System.Globalization.CultureInfo.CurrentCulture = new(\"fr-FR\");\nFrench(); // a comment at the end");
        Assert.Equal("fr-FR", (await own.RunAsync("System.Globalization.CultureInfo.CurrentCulture.Name")).Value);
    }

    [Theory]
    [InlineData("class E : Exception { public override string Message => throw new InvalidOperationException(); }")]
    [InlineData("class E : Exception { public override string StackTrace => throw new InvalidOperationException(); }")]
    public async Task AnExceptionThatCannotDescribeItself_FailsItsCellOnly(string type)
    {
        await using var own = new SessionFixture();
        await own.InitializeAsync();
        await own.RunAsync($"var kept = 3;\n{type}");
        var failed = await own.RunAsync("throw new E();");
        Assert.Equal((CellStatus.Error, "E"), (failed.Status, failed.Result.Error?.Name));
        Assert.Equal("3", (await own.RunAsync("kept")).Value);
    }

    [Fact]
    public async Task TheNativeLoadersTrace_FillsNoCell()
    {
        var failed = await session.RunAsync("throw new NotSupportedException(\"could not load.\\nTorchSharp: LoadNativeBackend: Initialising\\n\" + new string('x', 5000));");
        Assert.Contains("doctor --engine torchsharp-cpu", failed.Result.Error?.Message);
        Assert.DoesNotContain("xxx", string.Join('\n', failed.Result.Error!.Traceback));
    }

    [Fact]
    public async Task ThreadsAndTasks_WriteIntoTheirCell()
    {
        var ran = await session.RunAsync("""
            var t1 = new System.Threading.Thread(() => Console.WriteLine("thread"));
            t1.Start(); t1.Join();
            await Task.Run(() => Console.WriteLine("task"));
            """);
        Assert.Equal("thread\ntask\n", ran.Out);
    }

    [Fact]
    public async Task ChildProcess_WritesIntoItsCell()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs echo as a program");
        var ran = await session.RunAsync("var child = System.Diagnostics.Process.Start(\"echo\", \"from a child\");\nchild.WaitForExit();");
        Assert.Equal("from a child\n", ran.Out);
    }

    [Fact]
    public async Task NonAsciiText_ArrivesUnharmed()
    {
        var ran = await session.RunAsync("Console.WriteLine(string.Concat(Enumerable.Repeat(\"学习 é 🎓 \", 5000)));");
        Assert.Equal(string.Concat(Enumerable.Repeat("学习 é 🎓 ", 5000)) + "\n", ran.Out);
    }

    [Fact]
    public async Task Display_Update_ReplacesTheSameOutput()
    {
        var ran = await session.RunAsync("var shown = display(\"first\");\nshown.Update(\"second\");\n\"a\".Display();");
        var display = ran.Displays[0];
        var update = Assert.Single(ran.Outputs.OfType<UpdateDisplay>());
        Assert.Equal((display.DisplayId, "second"), (update.DisplayId, (string?)update.Data["text/plain"]));
    }

    [Fact]
    public async Task CellThatEndsInDisplay_ShowsItOnce()
    {
        var ran = await session.RunAsync("display(5)");
        Assert.Single(ran.Outputs);
    }

    [Theory]
    [InlineData("display(HTML(\"<b>x</b>\"));", "text/html", "<b>x</b>")]
    [InlineData("\"# x\".DisplayAs(\"text/markdown\");", "text/markdown", "# x")]
    [InlineData("display(\"x\", \"text/html\");", "text/html", "x")]
    public async Task Helpers_ShowTheMimeTypeAskedFor(string code, string mimeType, string expected) =>
        Assert.Equal(expected, (string?)Assert.Single((await session.RunAsync(code)).Displays).Data[mimeType]);

    private const string Convention = """
        class TypeFormatterSourceAttribute : Attribute
        {
            public TypeFormatterSourceAttribute(Type source) => FormatterSourceType = source;
            public Type FormatterSourceType { get; }
            public string[] PreferredMimeTypes { get; set; }
        }
        class PictureFormatter
        {
            public string MimeType { get; set; }
            public Type Type => typeof(Picture);
            public Func<Picture, string> Text { get; set; }
            public bool Format(object value, System.IO.TextWriter writer) { writer.Write(Text((Picture)value)); return true; }
        }
        class PictureSource
        {
            public IEnumerable<object> CreateTypeFormatters() => new object[]
            {
                new PictureFormatter { MimeType = "text/html", Text = p => $"<i>{p.Name}</i>" },
                new PictureFormatter { MimeType = "application/vnd.x+json", Text = p => $"{{\"name\":\"{p.Name}\"}}" },
                new PictureFormatter { MimeType = "text/plain", Text = p => "picture " + p.Name },
                new PictureFormatter { MimeType = "text/unwanted", Text = p => "no" },
            };
        }
        [TypeFormatterSource(typeof(PictureSource), PreferredMimeTypes = new[] { "text/html", "application/vnd.x+json", "text/plain" })]
        class Picture { public string Name { get; set; } }
        class Derived : Picture { }
        """;

    [Fact]
    public async Task TypeThatFormatsItself_ShowsItsPreferredRepresentations_AlsoInherited()
    {
        await session.RunAsync(Convention);
        var ran = await session.RunAsync("((Action<object>)AppContext.GetData(\"course.display\"))(new Derived { Name = \"p\" });\nnew Picture { Name = \"q\" }");
        var display = Assert.Single(ran.Displays).Data;
        Assert.Equal(["text/html", "application/vnd.x+json", "text/plain"], display.Select(d => d.Key));
        Assert.Equal("p", (string?)display["application/vnd.x+json"]!["name"]);
        Assert.Equal("picture q", ran.Value);
    }
}
