using System.Text.Json.Nodes;
using Course.Classroom.Editions;
using Course.Classroom.Grading;
using Course.Notebooks;

namespace Course.Classroom.Tests;

public sealed class GradingTests(GradedCourse course) : IClassFixture<GradedCourse>
{
    private const string Slope = "double Slope(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum() / x.Sum(a => a * a);";
    private const string Steps = "int Steps(double factor) => (int)Math.Ceiling(Math.Log2(factor));";

    [Fact]
    public async Task Answers_EarnAPointForEachCheck_AndTheStubNone()
    {
        var grades = await course.GradeAsync(new Dictionary<string, Func<Notebook, Notebook>>
        {
            ["right"] = n => Set(Set(n, "s-ex1", Slope), "s-ex2", Steps),
            ["stub"] = n => n,
            // Its truncation passes for 8 and 1000 fails for 9: two of three points.
            ["truncated"] = n => Set(n, "s-ex2", "int Steps(double factor) => (int)Math.Log2(factor) + (factor > 100 ? 1 : 0);"),
            ["hard-coded"] = n => Set(n, "s-ex1", "double Slope(double[] x, double[] y) => x[0] == 1 && y[0] == 2 ? 2 : 1;"),
        });

        Assert.Equal(["full 7/7", "not done 0/7", "partial 2/7", "partial 2/7"],
            new[] { "right", "stub", "truncated", "hard-coded" }.Select(s => $"{GradeTable.Name(grades[s].Verdict)} {grades[s].Points}/{grades[s].Of}"));
        Assert.Equal(["9.1 not-done 0/4", "9.2 partial 2/3"], Exercises(grades["truncated"]));
        Assert.Equal(["9.1 partial 2/4", "9.2 not-done 0/3"], Exercises(grades["hard-coded"]));
        // What failed is told with its claim, what was expected and what was found; passing checks behind it count.
        var nine = grades["truncated"].Exercises[1].Checks[1];
        Assert.Equal(("8 is not enough for 9", "3", "4", false), (nine.Claim, nine.Found, nine.Expected, nine.Passed));
        Assert.Equal((true, true), (grades["truncated"].Exercises[1].Checks[2].Hidden, grades["truncated"].Exercises[1].Checks[2].Passed));
    }

    [Fact]
    public async Task OnlyAnswersCount_EverythingElseIsTheTeachers()
    {
        var grades = await course.GradeAsync(new Dictionary<string, Func<Notebook, Notebook>>
        {
            ["edited"] = n => Set(Set(Set(n, "s-chk1", "Exercise.Check(\"9.1\", () => { });"), "s-data", "double[] given = [];"), "s-ex1", Slope),
            ["removed"] = n => Without(Set(Set(n, "s-ex1", Slope), "s-ex2", Steps), "s-chk1", "s-chk2", "s-setup", "s-data"),
            ["reordered"] = n => Reversed(Set(Set(n, "s-ex1", Slope), "s-ex2", Steps)),
            // With a helper of the name that the solution's has.
            ["own-cell"] = n => Before(Set(n, "s-ex1", "double Slope(double[] x, double[] y) => Dot(x, y) / Dot(x, x);"), "s-ex1",
                "double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();"),
            ["gone"] = n => Without(Set(n, "s-ex1", Slope), "s-ex2"),
            ["twice"] = n => Before(Set(n, "s-ex2", Steps), "s-ex2", Steps, "s-ex2"),
            ["compile"] = n => Set(n, "s-ex2", "int Steps(double factor) => Math.Sqrt(factor);"),
            ["throws"] = n => Set(n, "s-ex2", "int Steps(double factor) => int.Parse(\"eight\");"),
        });

        Assert.Equal(["9.1 full 4/4", "9.2 not-done 0/3"], Exercises(grades["edited"]));
        Assert.Equal(Verdict.Full, grades["removed"].Verdict);
        Assert.Equal(Verdict.Full, grades["reordered"].Verdict);
        Assert.Equal(["9.1 full 4/4", "9.2 not-done 0/3"], Exercises(grades["own-cell"]));
        Assert.Equal(["9.1 full 4/4", "9.2 missing 0/3"], Exercises(grades["gone"]));
        Assert.Equal("9.2 missing 0/3", Exercises(grades["twice"])[1]);
        Assert.Equal("9.2 does-not-compile 0/3", Exercises(grades["compile"])[1]);
        Assert.Contains("CS0266", grades["compile"].Exercises[1].Message);
        Assert.Equal("9.2 wrong 0/3", Exercises(grades["throws"])[1]);
        Assert.Contains("FormatException", grades["throws"].Exercises[1].Checks[0].Reason);
    }

    [Fact]
    public async Task Submissions_ThatAreNone_AreToldSo_AndTheOthersGraded()
    {
        string folder = course.Folder();
        File.WriteAllText(Path.Combine(folder, "broken.ipynb"), "{ \"cells\": [");
        Notebook.Create().Write(Path.Combine(folder, "other.ipynb"));
        Directory.CreateDirectory(Path.Combine(folder, "ada", "week 1"));
        GradedCourse.Students().Write(Path.Combine(folder, "ada", "week 1", "mine.ipynb"));
        File.CreateSymbolicLink(Path.Combine(folder, "link.ipynb"), Path.Combine(course.Root, "notebooks", "09-small.ipynb"));
        var book = await course.GradeAsync(folder);

        Assert.Equal(["ada week 1/mine.ipynb not done", "broken broken.ipynb unreadable", "other other.ipynb unreadable"],
            book.Submissions.Select(s => $"{s.Student} {s.Notebook} {GradeTable.Name(s.Verdict)}"));
        Assert.Contains("none of its cells has the id of an exercise", book.Submissions[2].Message);
        var none = await Assert.ThrowsAsync<ClassroomException>(() => course.GradeAsync(course.Folder()));
        Assert.Contains("there is no notebook", none.Message);
    }

    [Fact]
    public async Task GradingAgain_TakesWhatDidNotChange()
    {
        string folder = course.Folder();
        GradedCourse.Students().Write(Path.Combine(folder, "a.ipynb"));
        Set(GradedCourse.Students(), "s-ex2", Steps).Write(Path.Combine(folder, "b.ipynb"));
        var first = GradeBook.FromJson((await course.GradeAsync(folder)).ToJson())!;
        // A mark shows where a grade comes from.
        first = first with { Submissions = [.. first.Submissions.Select(s => s with { Message = "from before" })] };
        Set(GradedCourse.Students(), "s-ex1", Slope).Write(Path.Combine(folder, "b.ipynb"));
        var second = await course.GradeAsync(folder, first);

        Assert.Equal(["from before 0", " 4"], second.Submissions.Select(s => $"{s.Message} {s.Points}"));
        var other = await course.GradeAsync(folder, first, new GradingOptions { AnswerLimit = TimeSpan.FromSeconds(29) });
        Assert.All(other.Submissions, s => Assert.Null(s.Message));
    }

    [Fact]
    public void Tables_HoldEveryExercise_AndNamesDoNoHarm()
    {
        var exercise = new ExerciseGrade("9.1", Verdict.Partial, 1, 2, null, [new("a <b> claim", false, false, "3", "4"), new("secret", true, true)]);
        var book = new GradeBook([], [], [new("=cmd|' /C calc'!A0", "x,y.ipynb", "f", Verdict.Partial, 1, 2, [exercise], null, 1)]);

        Assert.Contains("\r\n'=cmd|' /C calc'!A0,\"x,y.ipynb\",9.1,1,2,partial,\r\n", GradeTable.Csv(book));
        Assert.Contains("9.1 1/2 partial", GradeTable.Text(book));
        string page = StudentPage.Html(book.Submissions[0]);
        Assert.Contains("<td>0 ✗</td><td>a &lt;b&gt; claim</td><td>4</td><td>3</td>", page);
        Assert.DoesNotContain("secret", page);
    }

    private static string[] Exercises(SubmissionGrade grade) => JsonNode.Parse(new GradeBook([], [], [grade]).ToJson())!["submissions"]![0]!["exercises"]!.AsArray()
        .Select(e => $"{e!["id"]} {e["verdict"]} {e["points"]}/{e["of"]}").ToArray();

    internal static Notebook Set(Notebook notebook, string id, string source)
    {
        notebook.Cells.Single(c => c.Id == id).Source = source;
        return notebook;
    }

    internal static Notebook Without(Notebook notebook, params string[] ids) => Changed(notebook, cells =>
    {
        foreach (var cell in cells.Where(c => ids.Contains((string?)c!["id"])).ToList())
            cells.Remove(cell);
    });

    private static Notebook Reversed(Notebook notebook) => Changed(notebook, cells =>
    {
        var all = cells.Reverse().ToList();
        cells.Clear();
        all.ForEach(cells.Add);
    });

    internal static Notebook Before(Notebook notebook, string id, string source, string own = "mine") => Changed(notebook, cells =>
        cells.Insert(cells.ToList().FindIndex(c => (string?)c!["id"] == id), new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = own,
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        }));

    private static Notebook Changed(Notebook notebook, Action<JsonArray> change)
    {
        change((JsonArray)notebook.Root["cells"]!);
        return Notebook.Parse(notebook.Root.ToJsonString(), notebook.Path);
    }
}

/// <summary>The small course, made once, with folders of submissions to grade.</summary>
public sealed class GradedCourse : IDisposable
{
    private readonly SmallCourse _course = new();
    private int _folders;

    public GradedCourse() => _course.Write("09-small.ipynb", SmallCourse.Chapter());

    internal string Root => _course.Root;

    internal static Notebook Students() => StudentNotebook.Of(SmallCourse.Chapter(), _ => true);

    internal string Folder() => Directory.CreateDirectory(_course.PathOf($"submissions-{++_folders}")).FullName;

    internal Task<GradeBook> GradeAsync(string folder, GradeBook? earlier = null, GradingOptions? options = null) =>
        new ClassGrader([Notebook.Read(_course.PathOf("notebooks", "09-small.ipynb"))], options ?? new GradingOptions(), earlier)
            .GradeAsync(folder, (_, _) => { }, TestContext.Current.CancellationToken);

    /// <summary>Grades what is made of the student edition, by the student's name.</summary>
    internal async Task<Dictionary<string, SubmissionGrade>> GradeAsync(Dictionary<string, Func<Notebook, Notebook>> submissions, GradingOptions? options = null)
    {
        string folder = Folder();
        foreach (var (student, make) in submissions)
            make(Students()).Write(Path.Combine(folder, student + ".ipynb"));
        return (await GradeAsync(folder, null, options)).Submissions.ToDictionary(s => s.Student);
    }

    public void Dispose() => _course.Dispose();
}
