using Course.Notebooks.Lint;

namespace Course.Notebooks.Tests;

public sealed class NotebookLintTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lint-");

    public NotebookLintTests() => File.WriteAllText(Path.Combine(_folder.FullName, PinnedPackages.FileName),
        """<Project><ItemGroup><PackageVersion Include="Some.Package" Version="1.2.3" /></ItemGroup></Project>""");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Check_AnOrderlyNotebook_FindsNothing() => Assert.Empty(NotebookLint.Check(Orderly()));

    [Fact]
    public void Check_OutputsAndExecutionCount_AreFound()
    {
        var notebook = Orderly();
        notebook.Cells[1].ExecutionCount = 3;
        AssertOnly("outputs", notebook);
    }

    [Fact]
    public void Check_TheSameIdTwice_IsFound()
    {
        var notebook = Orderly();
        notebook.Cells[1].Id = notebook.Cells[0].Id;
        AssertOnly("id", notebook);
    }

    [Fact]
    public void Check_LinesWithoutTheirEnds_AreFound()
    {
        var notebook = Orderly();
        notebook.Cells[1].Json["source"] = new System.Text.Json.Nodes.JsonArray("var x = 1; ", "// a comment", "Console.WriteLine(x);");
        Assert.Contains(NotebookLint.Check(notebook), f => f.Rule == "source");
    }

    [Fact]
    public void Check_ASecondTitle_IsFound() => AssertOnly("title", With(n => n.Add("markdown", "# Another title", "t2")));

    [Fact]
    public void Check_ACellThatIsOnSlidesWhatTheRuleDoesNotSay_IsFound()
    {
        var notebook = Orderly();
        foreach (var cell in notebook.Cells)
            SlideType.Set(cell);
        Assert.Empty(NotebookLint.Check(notebook));
        notebook.Cells[0].Metadata["slideshow"] = new System.Text.Json.Nodes.JsonObject { ["slide_type"] = "skip" };
        AssertOnly("slideshow", notebook);
    }

    [Fact]
    public void Check_ForeignMetadata_IsFound()
    {
        var notebook = Orderly();
        notebook.Metadata["kernelspec"]!["name"] = "python3";
        AssertOnly("metadata", notebook);
    }

    [Fact]
    public void Check_TestDataBesideTheirSeal_AreFound() => AssertOnly("test-set", With(n =>
    {
        n.Add("code", "var sealedTest = mnist.Seal(\"a-network\");", "b");
        n.Add("markdown", "The next cell breaks the seal.", "c");
        n.Add("code", "mnist.Test.Count", "d");
    }));

    [Fact]
    public void Check_TestPicturesWithoutASeal_AreFound() => AssertOnly("test-set", With(n =>
    {
        n.Add("code", "var mnist = Datasets.Mnist();", "b");
        n.Add("markdown", "No seal at all.", "c");
        n.Add("code", "mnist.Test.Count", "d");
    }));

    [Fact]
    public void Check_OtherTestDataWithoutASeal_AreNoFinding() => Assert.Empty(NotebookLint.Check(With(n => n.Add("code", "mnist.Test.Count", "b"))));

    [Fact]
    public void Check_ThreeCodeCellsInARow_AreFound() => AssertOnly("rhythm", With(n =>
    {
        n.Add("code", "int b = 2;", "b");
        n.Add("code", "int c = 3;", "c");
    }));

    [Fact]
    public void Check_ExerciseSolutionAndCheck_MayFollowOneAnother() => Assert.Empty(NotebookLint.Check(With(n =>
    {
        n.Add("code", "int Twice(int x) => Exercise.Todo<int>();", "ex", "exercise");
        n.Add("code", "int Twice(int x) => 2 * x;", "sol", "solution");
        n.Add("code", "Exercise.Check(\"1\", () => Check.That(Twice(2) == 4, \"twice two is four\"));", "chk", "check");
    })));

    [Fact]
    public void Check_AHiddenTestAwayFromItsExercise_IsFound() => AssertOnly("exercise", With(n =>
        n.Add("code", "Exercise.Check(\"1.1\", () => Check.That(true, \"so\"));", "hid", "hidden")));

    private const string Notes = "## Teacher notes\n\n**Timing** (45 minutes). Warm-up 5; section 1 20, 2 20.\n\n**Common errors.** Many.\n\n**Show live.** This.\n\n**Discussion.**\n\n1. Why?\n2. Why not?";

    [Theory]
    [InlineData("Warm-up 5; section 1 20, 2 20", "A while")]
    [InlineData("**Common errors.** Many", "Errors")]
    [InlineData("**Show live.**", "Live:")]
    [InlineData("2. Why not?", "2. Because.")]
    public void Check_TeachersNotesWithoutOneOfTheirParts_AreFound(string part, string instead)
    {
        Assert.Empty(NotebookLint.Check(With(n => n.Add("markdown", Notes, "notes", "teacher"))));
        AssertOnly("teacher", With(n => n.Add("markdown", Notes.Replace(part, instead), "notes", "teacher")));
    }

    [Fact]
    public void Check_AnExerciseWithoutSolution_IsFound() => AssertOnly("exercise", With(n =>
        n.Add("code", "int Twice(int x) => Exercise.Todo<int>();", "ex", "exercise")));

    [Fact]
    public void Lines_OfACell_AreCounted_AndThoseToThinkAbout()
    {
        var cell = With(n => n.Add("code", """
            if (steep)
            {
                Plot.Lines([1.0, 2], x: "step", y: "loss",
                    title: "A \"steep\" fall",

                    alt: $"A line that falls to {end}.");
                Check.That(end < 1,
                    "it falls");
            }
            """, "b")).Cells[^1];
        Assert.Equal(3, CodeMetrics.Thoughts(cell));
        Assert.Equal(6, CodeMetrics.Lines(cell));
    }

    [Fact]
    public void TooWide_AreLinesOverTheLimitThatAreNotTitleOrAltText()
    {
        string words = new('w', 100);
        var cell = With(n => n.Add("code", $"Plot.Lines(ys,\n    title: \"{words}\",\n    alt: \"{words}\");\nvar x{words} = 1;\nint {words[..95]};", "b")).Cells[^1];
        Assert.Equal([$"var x{words} = 1;"], CodeMetrics.TooWide(cell));
    }

    [Fact]
    public void Check_WideLines_AreFound() => AssertOnly("line-length", With(n =>
    {
        n.Add("markdown", "A wide one follows.", "m");
        n.Add("code", $"string words = \"{new string('w', 100)}\";", "wide");
    }));

    [Fact]
    public void Check_LongCells_AreFound() => AssertOnly("cell-length", With(n =>
    {
        n.Add("markdown", "A long one follows.", "m");
        n.Add("code", string.Join('\n', Enumerable.Range(0, 21).Select(i => $"int x{i} = {i};")), "long");
    }));

    [Theory]
    [InlineData("![](picture.svg)", "alt-text")]
    [InlineData("<img src=\"picture.svg\">", "alt-text")]
    [InlineData("[there](missing.ipynb)", "link")]
    [InlineData("[there](#no-such-heading)", "link")]
    [InlineData("We use Pytorch here.", "spelling")]
    [InlineData("See /home/me/data.", "absolute-path")]
    public void Check_MarkdownThatBreaksARule_IsFound(string text, string rule)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "picture.svg"), "<svg/>");
        AssertOnly(rule, With(n => n.Add("markdown", text, "m")));
    }

    [Theory]
    [InlineData("[here](#a-title)")]
    [InlineData("The paper *On Normalization* keeps its spelling.")]
    [InlineData("[A paper](https://doi.org/10.1038/323533a0)")]
    [InlineData("In code, `normalization` keeps its spelling, and $[a](b)$ is no link.")]
    public void Check_MarkdownThatKeepsTheRules_IsAccepted(string text) => Assert.Empty(NotebookLint.Check(With(n => n.Add("markdown", text, "m"))));

    [Theory]
    [InlineData("Plot.Lines(x, y, title: \"t\")", "", "alt-text")]
    [InlineData("var page = \"https://example.org/file\";", "", "network")]
    [InlineData("int x = 1;", "requires:Unpinned.Package", "requires")]
    [InlineData("int x = 1;", "requires:data:no-such-set", "requires")]
    [InlineData("#r \"nuget: Some.Package, 1.2.3\"", "", "requires")]
    [InlineData("int x = 1;", "row:2.1", "row")]
    [InlineData("int x = 1;", "rows:2.1", "tag")]
    [InlineData("int x = 1;", "timeout:soon", "tag")]
    [InlineData("int x = 1;", "memory:-1", "tag")]
    public void Check_CodeThatBreaksARule_IsFound(string code, string tag, string rule) => AssertOnly(rule, With(n =>
    {
        n.Add("markdown", "Text between.", "m");
        n.Add("code", code, "c", tag.Length == 0 ? [] : [tag]);
    }));

    [Fact]
    public void Check_APinnedPackage_IsAccepted() => Assert.Empty(NotebookLint.Check(With(n =>
    {
        n.Add("markdown", "Text between.", "m");
        n.Add("code", "#r \"nuget: Some.Package, 1.2.3\"", "c", "requires:Some.Package");
    })));

    [Fact]
    public void Check_ADataSetOfTheCatalogue_IsAccepted()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "data"));
        File.WriteAllText(Path.Combine(_folder.FullName, "data", "catalogue.json"), """{"version": 1, "datasets": [{"name": "clothes"}]}""");
        Assert.Empty(NotebookLint.Check(With(n =>
        {
            n.Add("markdown", "Text between.", "m");
            n.Add("code", "int x = 1;", "c", "requires:data:clothes");
        })));
    }

    [Fact]
    public void Check_AFileThatIsNoNotebook_IsOneFinding()
    {
        string path = Path.Combine(_folder.FullName, "broken.ipynb");
        File.WriteAllText(path, "{");
        Assert.Equal("format", Assert.Single(NotebookLint.Check(path)).Rule);
    }

    private static void AddExercise(Notebook notebook, string id, string check, params string[] tags)
    {
        notebook.Add("markdown", "A task.", "text" + id.Replace(".", ""));
        notebook.Add("code", "int A() => Exercise.Todo<int>();", "ex" + id.Replace(".", ""), ["exercise", .. tags]);
        notebook.Add("code", "int A() => 1;", "sol" + id.Replace(".", ""), "solution");
        notebook.Add("code", $"Exercise.Check(\"{id}\", () => {check});", "chk" + id.Replace(".", ""), "check");
    }

    [Fact]
    public void Check_GradedTasksOfBothKinds_AreNoFindingAndCounted()
    {
        var notebook = With(n =>
        {
            foreach (string step in new[] { "a", "b", "c" })
                AddExercise(n, "3.8" + step, "Check.That(A() == 1, \"one\")", "graded");
            AddExercise(n, "3.9", "bar.Submit(A)", "graded");
            AddExercise(n, "3.10", "Check.That(A() == 1, \"one\")");
        });
        Assert.Empty(NotebookLint.Check(notebook));
        var tasks = GradedTasks.Of(notebook);
        Assert.Equal((1, 1), (tasks.PredictChangeExplain, tasks.BeatTheBar));
        Assert.Equal(2, NotebookMeasures.Of(notebook, []).Graded);
    }

    [Fact]
    public void Check_AGradedExerciseOfNeitherKind_IsFound() => AssertOnly("graded", With(n =>
    {
        foreach (string step in new[] { "a", "c", "b" })
            AddExercise(n, "3.8" + step, "Check.That(A() == 1, \"one\")", "graded");
    }));

    [Fact]
    public void Check_AGradedCellThatIsNoExercise_IsFound() => AssertOnly("graded", With(n => n.Add("code", "int b = 2;", "b", "graded")));

    [Fact]
    public void Measures_CountWordsRowsAndExercises()
    {
        var notebook = With(n =>
        {
            n.Add("markdown", "Three plain words and $x+1$ with `code`.", "m");
            n.Add("code", "Check.That(true, \"so\");", "c", "row:2.1");
        });
        var measures = NotebookMeasures.Of(notebook, NotebookLint.Check(notebook));
        Assert.Equal(["2.1"], measures.Rows);
        Assert.Equal(2, measures.CodeCells);
        Assert.Equal("A title Some words here".Split(' ').Length + "Three plain words and with".Split(' ').Length, measures.Words);
    }

    private Notebook Orderly()
    {
        var notebook = Notebook.Create(Path.Combine(_folder.FullName, "orderly.ipynb"));
        notebook.Add("markdown", "# A title\n\nSome words here.", "head");
        notebook.Add("code", "int a = 1;", "a");
        return notebook;
    }

    private Notebook With(Action<Notebook> add)
    {
        var notebook = Orderly();
        add(notebook);
        return notebook;
    }

    private static void AssertOnly(string rule, Notebook notebook)
    {
        var findings = NotebookLint.Check(notebook);
        Assert.NotEmpty(findings);
        Assert.All(findings, f => Assert.Equal(rule, f.Rule));
    }
}
