using System.Diagnostics;
using System.Text.RegularExpressions;
using Course.Base;
using Course.Cli.Comparing;
using Course.Cli.Exporting;
using Course.Notebooks;
using Course.Notebooks.Export;
using Course.Runner;
using Course.Testing;
using Course.Tests.Data;

namespace Course.Cli.Tests.Commands;

/// <summary>
/// Notebooks as programs. <c>COURSE_TEST_PROGRAMS</c> says which also run beside their notebook: <c>all</c>, <c>rotate</c> for one
/// of the quick ones, another each day, or parts of names, separated by commas.
/// </summary>
public sealed partial class NotebookProgramTests
{
    private const string Variable = "COURSE_TEST_PROGRAMS";
    private static readonly string Repository = Checkout.Above(AppContext.BaseDirectory)!;

    /// <summary>Those whose quick run takes at most half a minute and records no time.</summary>
    private static readonly string[] Quick = ["00-tensors", "01-background", "02-concepts", "03-linear-regression", "03c-classes", "A4-errata", "L2-credit"];

    private const string AllKinds = """
        #r "../artifacts/lib/Course.dll"
        ====
        using Course;
        // A type that says its price.
        record Thing(string Name, double Price)
        {
            public Thing() : this("none", 0) { }
        }
        var x = 2;
        int Twice(int y) => 2 * y;
        Record.Number("x", Twice(x), "");
        ====
        var x = 3.5;
        foreach (var item in new[] { 1, 2 })
            x += item;
        int Twice(int y) => 3 * y;
        var pair = (x, other: Twice(1));
        Record.Number("pair", pair.x + pair.other, "");
        var item = (from thing in new[] { "a", "b" } let y = thing + "!" select y).Last();
        item
        ====
        class Thing
        {
            public Thing(string item) => Item = item;
            public string Item { get; }
        }
        var thing = new Thing(item);
        await Task.Yield();
        Record.Number("length", thing.Item.Length, ""); thing.Item
        ====raises-exception
        var zero = 0; int expected = 1;
        1 / zero
        ====raises-exception
        nowhere()
        ====
        Record.Number("zero", zero, "");
        Check.That(item == "b!", "names keep their meaning")
        """;

    [Fact]
    public void Program_OfANotebook_Compiles_AndComesBackUnchanged()
    {
        // Half a minute for all; where nobody asked for programs, another quarter each day.
        bool all = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };
        foreach (string path in NotebookPaths.Find([], Repository).Where((_, i) => all || Today.IsTurnOf(i, 4)))
        {
            string program = NotebookProgram.Write(Notebook.Read(path), Path.Combine(Repository, "notebooks", "program.cs"), Repository);
            Assert.Equal(File.ReadAllText(path), ProgramFile.Read(program, path).ToString());
        }
    }

    [Fact]
    public void Program_OfNamesThatAreDeclaredAgain_KeepsWhatEachMeans()
    {
        var notebook = Kinds();
        string program = NotebookProgram.Write(notebook, Path.Combine(Repository, "kinds.cs"), Repository);
        Assert.Contains("#:project lib/Course/Course.csproj", program);
        Assert.Contains("var x_2 = 3.5;", program);
        Assert.Contains("(x: x_2, other: Twice_2(1))", program);
        Assert.Contains("foreach (var item_2 in", program);
        Assert.Contains("public Thing_2(string item)", program);
        Assert.Contains("// Left out: this cell does not compile, as it should: CS0103", program);
        Assert.Equal(notebook.ToString(), ProgramFile.Read(program, "kinds.cs").ToString());
    }

    [Theory]
    [InlineData("#load \"other.csx\"", "cell 0 (c0), line 1: '#load \"other.csx\"' has no counterpart")]
    [InlineData("var a = 1;\nif (a > 0) return;", "cell 0 (c0), line 2: 'return' would end the whole program")]
    [InlineData("var a = 1; record B;", "cell 0 (c0), line 1: a type and other code stand on one line")]
    [InlineData("var a = b;", "cell 0 (c0), line 1: CS0103")]
    [InlineData("int Twice(this int a) => 2 * a;", "cell 0 (c0), line 1: CS")]
    public void Program_OfACellThatHasNoCounterpart_IsRefusedWithTheLine(string code, string message)
    {
        var notebook = Notebook.Create("bad.ipynb");
        notebook.Add("code", code, "c0");
        Assert.Contains(message, Assert.Throws<NotebookFormatException>(() => NotebookProgram.Write(notebook, Path.Combine(Repository, "bad.cs"), Repository)).Message);
    }

    public static TheoryData<string> Names
    {
        get
        {
            string[] all = [.. NotebookPaths.Find([], Repository).Where(p => Notebook.Read(p).Cells.Any(c => c.IsCode)).Select(p => Path.GetRelativePath(Repository, p).Replace('\\', '/'))];
            return Environment.GetEnvironmentVariable(Variable) switch
            {
                null or "" => ["none"],
                "all" => [.. all],
                "rotate" => [.. all.Where(p => Quick.Where((_, i) => Today.IsTurnOf(i, Quick.Length)).Any(p.Contains))],
                var asked => [.. all.Where(p => asked.Split(',').Any(p.Contains))],
            };
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Program_Run_RecordsTheNotebooksNumbersAndHoldsItsChecks(string name)
    {
        Assert.SkipWhen(name == "none", $"builds and runs a program: set {Variable}=rotate, all, or parts of names of notebooks");
        using var folder = new TemporaryFolder();
        await CompareAsync(Notebook.Read(Path.Combine(Repository, name)), Path.Combine(Repository, name), folder.File("out"));
    }

    [Fact]
    public async Task Program_RunWithEachKindOfCell_RecordsTheNotebooksNumbers()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 }, $"builds and runs a program: set {Variable}=rotate");
        using var folder = new TemporaryFolder();
        var notebook = Kinds();
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "program-kinds")).FullName, "kinds.ipynb");
        notebook.Cells[0].Source = notebook.Cells[0].Source.Replace("../artifacts/lib", "../../artifacts/lib", StringComparison.Ordinal);
        notebook.Write(path);
        Assert.Equal(4, await CompareAsync(notebook, path, folder.File("out")));
    }

    /// <returns>How many numbers were the same.</returns>
    private static async Task<int> CompareAsync(Notebook notebook, string path, string output)
    {
        var report = await new CourseRunner(new RunOptions { Repository = Repository, Notebooks = [path], Out = output, KeepGoing = true, MissingData = Datasets.Missing }, new Silent()).RunAsync(CancellationToken.None);
        var ran = Assert.Single(report.Notebooks);
        Assert.True(report.Failed == 0, string.Join('\n', ran.Cells.Where(c => c.Error is not null).Select(c => $"the notebook itself: cell {c.Id}: {c.Error!.Message}")));

        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "programs")).FullName, Path.GetFileNameWithoutExtension(path) + ".cs");
        File.WriteAllText(file, NotebookProgram.Write(notebook, file, Repository));
        // A cell of a package is left out of the program; what varies from run to run is no number to hold.
        var cells = ran.Cells.Where(c => !c.Tags.Any(t => t.StartsWith(CellTags.RequiresPrefix, StringComparison.Ordinal))).ToList();
        string said = await RunAsync(file, Path.GetDirectoryName(path)!);
        Assert.Equal(cells.Sum(c => c.Checks), said.Split('\n').Count(l => l.StartsWith('✓')) + cells.Where(c => c.Tags.Contains("raises-exception")).Sum(c => c.Checks));
        var numbers = Recorded().Matches(said).DistinctBy(m => m.Groups["name"].Value).ToDictionary(m => m.Groups["name"].Value);
        int same = 0;
        foreach (var (name, value) in cells.Where(c => !c.Tags.Contains("varies")).SelectMany(c => c.Numbers))
        {
            Assert.True(numbers.TryGetValue(name, out var found), $"the program did not record {name}");
            // Times, rates and memory are the machine's.
            if (NumberDifference.IsOfTheMachine(name) || ShownOutput.MachineUnits.Contains(found.Groups["unit"].Value))
                continue;
            string expected = Recorded().Match(new RecordedNumber(name, value, "").ToString()).Groups["value"].Value;
            Assert.True(expected == found.Groups["value"].Value, $"{name} is {expected} in the notebook and {found.Groups["value"].Value} in the program");
            same++;
        }
        return same;
    }

    private static async Task<string> RunAsync(string program, string folder)
    {
        var start = new ProcessStartInfo("dotnet", ["run", program]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string variable in (string[])["MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath"])
            start.Environment.Remove(variable);
        // A compiler that stays would hold our end of its output open.
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(15));
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}:\n{(await output)[^Math.Min((await output).Length, 3000)..]}\n{await error}");
        return (await output).ReplaceLineEndings("\n");
    }

    private static Notebook Kinds()
    {
        var notebook = Notebook.Create("kinds.ipynb");
        int number = 0;
        foreach (string part in ("\n" + AllKinds.ReplaceLineEndings("\n")).Split("\n===="))
            notebook.Add("code", part[(part.IndexOf('\n') + 1)..], $"c{number++}", part.StartsWith("raises-exception", StringComparison.Ordinal) ? ["raises-exception"] : []);
        return notebook;
    }

    [GeneratedRegex(@"^(?<name>\S.*?) = (?<value>\S+) ?(?<unit>.*)", RegexOptions.Multiline)]
    private static partial Regex Recorded();

    private sealed class Silent : IRunObserver
    {
        public void OnNotebookStart(string path, int codeCells) { }

        public void OnCellStart(string path, int position, int index) { }

        public void OnCellEnd(string path, CellReport cell) { }

        public void OnNotebookEnd(NotebookReport notebook) { }
    }
}
