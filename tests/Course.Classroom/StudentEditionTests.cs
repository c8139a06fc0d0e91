using System.Text.Json.Nodes;
using Course.Classroom.Editions;
using Course.Notebooks;
using Course.Runner;

namespace Course.Classroom.Tests;

public sealed class StudentEditionTests : IDisposable
{
    private readonly SmallCourse _course = new();

    public void Dispose() => _course.Dispose();

    private StudentEditionResult Make(params string[] notebooks) =>
        new StudentEdition(_course.Root, "managed").Write(notebooks, _course.PathOf("out"), command: null);

    private Notebook Made(string name = "09-small.ipynb") => Notebook.Read(_course.PathOf("out", "notebooks", name));

    [Fact]
    public void Edition_LacksSolutionsNotesHiddenTestsAndStoredAnswers_AndKeepsTheOtherCellsWithTheirIds()
    {
        var teachers = SmallCourse.Chapter();
        teachers.Metadata["course"] = JsonNode.Parse("""{ "exercises": { "9.1": { "wrong": ["double Slope(double[] x, double[] y) => 7;"] } } }""");
        teachers.Cells[3].Outputs.Add(JsonNode.Parse("""{ "output_type": "stream", "name": "stdout", "text": ["old"] }"""));
        var made = Make(_course.Write("09-small.ipynb", teachers));

        Assert.Equal((1, 2, 5), (made.Notebooks, made.Exercises, made.Removed));
        var students = Made();
        Assert.Equal(teachers.Cells.Where(c => !c.Tags.Any(t => t is "solution" or "teacher" or "hidden")).Select(c => (c.Id, c.Tags.Count)),
            students.Cells.Select(c => (c.Id, c.Tags.Count)));
        Assert.All(students.Cells.Where(c => c.IsCode), c => Assert.Empty(c.Outputs));
        string text = students.ToString();
        foreach (string secret in (string[])["Sum() /", "xylophone", "falling line", "=> 7", "Log2"])
            Assert.DoesNotContain(secret, text);
        Assert.Equal("double Slope(double[] x, double[] y) => Exercise.Todo<double>();", students.Cells.Single(c => c.Id == "s-ex1").Source);
    }

    [Fact]
    public void Edition_CarriesNbgradersMetadata_AnswersOpenTestsWithPointsTheRestLocked()
    {
        Make(_course.Write("09-small.ipynb", SmallCourse.Chapter()));

        Assert.All(Made().Cells, c => Assert.Equal((3, c.Id), ((int)c.Metadata["nbgrader"]!["schema_version"]!, (string?)c.Metadata["nbgrader"]!["grade_id"])));
        Assert.Equal("""{"grade":false,"grade_id":"s-ex1","locked":false,"schema_version":3,"solution":true,"task":false}""", Compact("s-ex1"));
        Assert.Equal("""{"grade":true,"grade_id":"s-chk1","locked":true,"points":2,"schema_version":3,"solution":false,"task":false}""", Compact("s-chk1"));
        Assert.Equal("""{"grade":false,"grade_id":"s-text","locked":true,"schema_version":3,"solution":false,"task":false}""", Compact("s-text"));

        string Compact(string id) => new JsonObject(Made().Cells.Single(c => c.Id == id).Metadata["nbgrader"]!.AsObject().OrderBy(p => p.Key).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();
    }

    [Fact]
    public void Edition_LinksResolve_OrBecomeTheirText()
    {
        Directory.CreateDirectory(_course.PathOf("lib"));
        File.WriteAllText(_course.PathOf("lib", "thing.txt"), "a thing");
        string small = _course.Write("09-small.ipynb", SmallCourse.Chapter());
        Make(small);

        Assert.Contains("See the other, [itself](09-small.ipynb#exercises), [a file](../lib/thing.txt) and [elsewhere](https://example.org/).", Made().Cells[0].Source);
        Assert.Equal("a thing", File.ReadAllText(_course.PathOf("out", "lib", "thing.txt")));

        var other = Notebook.Create("10-other.ipynb");
        other.Add("markdown", "# 10 Other", "o-title");
        Make(small, _course.Write("10-other.ipynb", other));
        Assert.Contains("[the other](10-other.ipynb)", Made().Cells[0].Source);
    }

    [Fact]
    public async Task Edition_RunsFromAnyFolderToItsEnd_UnsolvedIsNotDone()
    {
        Make(_course.Write("09-small.ipynb", SmallCourse.Chapter()));
        string moved = Directory.CreateTempSubdirectory("course-elsewhere-").FullName;
        try
        {
            Directory.Delete(moved);
            Directory.Move(_course.PathOf("out"), moved);
            Directory.Delete(_course.PathOf("artifacts"), recursive: true);
            var report = await new CourseRunner(new RunOptions
            {
                Notebooks = [Path.Combine(moved, "notebooks", "09-small.ipynb")],
                Out = _course.PathOf("run"),
                Student = true,
            }, new Silence()).RunAsync(default);

            Assert.Equal(0, report.Failed);
            var status = report.Notebooks[0].Cells.ToDictionary(c => c.Id!, c => c.Status);
            Assert.Equal((RunStatus.Passed, RunStatus.NotDone, RunStatus.NotDone, RunStatus.NotDone), (status["s-ex1"], status["s-chk1"], status["s-chk2"], status["s-after"]));
        }
        finally
        {
            Directory.Delete(moved, recursive: true);
        }
    }

    [Fact]
    public void Edition_OverAnotherFolder_IsRefused_AndOverAnEarlierEditionReplacesIt()
    {
        string small = _course.Write("09-small.ipynb", SmallCourse.Chapter());
        Directory.CreateDirectory(_course.PathOf("out"));
        File.WriteAllText(_course.PathOf("out", "thesis.txt"), "mine");
        Assert.Contains("holds something else", Assert.Throws<ClassroomException>(() => Make(small)).Message);
        Assert.Equal("mine", File.ReadAllText(_course.PathOf("out", "thesis.txt")));

        File.Delete(_course.PathOf("out", "thesis.txt"));
        Make(small);
        File.WriteAllText(_course.PathOf("out", "old.txt"), "");
        Make(small);
        Assert.False(File.Exists(_course.PathOf("out", "old.txt")));
    }

    [Fact]
    public void Edition_WithoutLibraries_SaysHowToBuildThem()
    {
        string small = _course.Write("09-small.ipynb", SmallCourse.Chapter());
        Directory.Delete(_course.PathOf("artifacts"), recursive: true);
        Assert.Contains("dotnet build", Assert.Throws<ClassroomException>(() => Make(small)).Message);
    }

    private sealed class Silence : IRunObserver
    {
        public void OnNotebookStart(string path, int codeCells) { }
        public void OnCellStart(string path, int position, int index) { }
        public void OnCellEnd(string path, CellReport cell) { }
        public void OnNotebookEnd(NotebookReport notebook) { }
    }
}
