using System.Text.Json.Nodes;
using Course.Cli.Comparing;
using Course.Notebooks;
using Course.Runner;

namespace Course.Cli.Tests.Comparing;

public sealed class CompareCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("course-compare-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EqualRuns_ExitWithZero_AlsoWhenTheirTimesDiffer()
    {
        var (code, output, _) = await CompareAsync(Report("a", ("4.3.accuracy", 0.97), ("4.3.seconds", 3)), Report("b", ("4.3.accuracy", 0.97), ("4.3.seconds", 9)));
        Assert.Equal(0, code);
        Assert.Contains("2 numbers, 0 beyond the tolerance of 0.001; 0 cells ended differently", output);
    }

    [Fact]
    public async Task NumberBeyondTheTolerance_IsFlagged_AndExitsWithOne()
    {
        var (a, b) = (Report("a", ("4.3.accuracy", 0.97)), Report("b", ("4.3.accuracy", 0.96)));
        var (code, output, _) = await CompareAsync(a, b);
        Assert.Equal(1, code);
        Assert.Contains("differs", output);
        Assert.Equal(0, (await CompareAsync(a, b, "--tolerance", "0.02")).Code);
    }

    [Fact]
    public async Task CellThatEndedDifferently_IsNamed_AndExitsWithOne()
    {
        var (code, output, _) = await CompareAsync(Report("a"), Report("b", RunStatus.Failed));
        Assert.Equal(1, code);
        Assert.Contains("notebooks/x.ipynb, c1: passed in A, failed in B", output);
    }

    [Fact]
    public async Task Folder_OfARun_StandsForItsReport()
    {
        Report("report", ("1.1.x", 2));
        Assert.Equal(0, (await CompareAsync(_folder, _folder)).Code);
    }

    [Fact]
    public async Task Json_HoldsEveryNumberWithItsDifference()
    {
        var (code, output, _) = await CompareAsync(Report("a", ("1.1.x", 2), ("1.1.y", 1)), Report("b", ("1.1.x", 4)), "--json");
        Assert.Equal(1, code);
        var json = JsonNode.Parse(output)!;
        Assert.Equal(2, (int)json["flagged"]!);
        Assert.Equal(2, (double)json["numbers"]![0]!["difference"]!);
        Assert.Equal(0.5, (double)json["numbers"]![0]!["relative"]!);
        Assert.Null(json["numbers"]![1]!["second"]);
    }

    [Fact]
    public async Task ExecutedNotebooks_AreComparedByMeaning_AndThePageShowsBoth()
    {
        string table = "<table><thead><tr><th>Rule</th><th>Cost</th></tr></thead><tbody><tr><td>all</td><td>COST</td></tr></tbody></table>";
        string figure = "<svg><title id=\"figHASH\">Loss</title><path d=\"M1 2L3 Y\"/></svg>";
        string a = Executed("a", table.Replace("COST", "0.7000"), figure.Replace("HASH", "0123456789").Replace("Y", "40.00"), "loss 0.5000 after 1,000 steps\n", "12 ms");
        string b = Executed("b", table.Replace("COST", "0.7001"), figure.Replace("HASH", "abcdef0123").Replace("Y", "40.01"), "loss 0.5001 after 1,000 steps\n", "19 ms");
        var equal = await CompareAsync(a, b);
        Assert.Equal((0, "1 executed notebooks: 0 outputs beyond the tolerance of 0.001, 1 that may vary\n"), (equal.Code, equal.Output));

        string c = Executed("c", table.Replace("COST", "0.8000"), figure.Replace("HASH", "abcdef0123").Replace("Y", "44.00"), "gain 0.5000 after 1,000 steps\n", "19 ms");
        string page = Path.Combine(_folder, "page.html");
        var (code, output, _) = await CompareAsync(a, c, "--page", page);
        Assert.Equal(1, code);
        Assert.Contains("c1, table, row 1, Cost: '0.7000' in A, '0.8000' in B", output);
        Assert.Contains("c2, figure, <path> d: 'M 1 2 L 3 40.00' in A, 'M 1 2 L 3 44.00' in B", output);
        Assert.Contains("c3, text, stdout line 1: 'loss 0.5000 after 1,000 steps' in A, 'gain 0.5000", output);
        string html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("3 differences", html);
        Assert.Contains("<iframe sandbox=\"\"", html);
        Assert.DoesNotContain("<script", html);
    }

    [Fact]
    public async Task OutputsOfAnotherKind_AndCellsOfOneSide_AreDifferences_AlsoWhereTheyVary()
    {
        string a = Executed("a", "<table><tr><td>1</td></tr></table>", "<svg></svg>", "x\n", "1 ms"), b = Executed("b", "<p>no table</p>", "<svg></svg>", "x\n", "1 ms", more: true);
        var json = JsonNode.Parse((await CompareAsync(a, b, "--json")).Output)!;
        Assert.Equal(2, (int)json["flagged"]!);
        Assert.Equal(["table", null], json["outputs"]!.AsArray().Select(o => (string?)o!["first"]));
    }

    [Fact]
    public async Task ANotebookBesideARun_IsRefused()
    {
        var (code, _, error) = await CompareAsync(Executed("a", "", "", "", ""), Report("b"));
        Assert.Equal(2, code);
        Assert.Contains("give two notebooks, or two runs", error);
    }

    [Theory]
    [InlineData("0.70", "0.7", true)]
    [InlineData("1,000.0", "1000", true)]
    [InlineData("−0.5", "-0.5", true)]
    [InlineData("x1", "x2", false)]
    [InlineData("1.000", "1.002", false)]
    [InlineData("a 1 b 2", "a 1 b 3", false)]
    [InlineData("1 2", "1", false)]
    public void Texts_AreEqualByWordsAndByTheValuesOfTheirNumbers(string a, string b, bool equal) => Assert.Equal(equal, new Tolerance(1e-3).Equal(a, b));

    [Theory]
    [InlineData("absent.json", null, "does not exist")]
    [InlineData("list.json", "[1, 2]", "is no report of a run")]
    [InlineData("other.json", "{\"cells\": []}", "is no report of a run")]
    [InlineData("cut.json", "{\"profile\":\n \"qui", "cut.json, line 2 is no report of a run")]
    [InlineData("record.json", "{\"machine\": null}", "lacks the machine")]
    public async Task WhatIsNoReport_IsNamed_AndExitsWithTwo(string name, string? content, string expected)
    {
        string path = Path.Combine(_folder, name);
        if (content is not null)
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        var (code, _, error) = await CompareAsync(path, Report("b"));
        Assert.Equal(2, code);
        Assert.Contains(path, error);
        Assert.Contains(expected, error);
    }

    [Fact]
    public void Profiles_ThatDiffer_AreAWarning()
    {
        var run = ComparedRun.Read(Report("a", ("1.1.x", 2)));
        Assert.Contains("quick, full", Assert.Single(RunComparison.Of(run, run with { Profile = "full" }, 0).Warnings));
    }

    [Theory]
    [InlineData("5.5.p99", true)]
    [InlineData("6.11.batch64.p50.each", true)]
    [InlineData("4.3.accuracy", false)]
    public void NumbersOfTheMachine_AreKnownByName(string name, bool expected) => Assert.Equal(expected, NumberDifference.IsOfTheMachine(name));

    private string Executed(string name, string html, string svg, string text, string time, bool more = false)
    {
        var notebook = Notebook.Create();
        notebook.Add("code", "1", "c1").Outputs.Add(Data("text/html", html));
        notebook.Add("code", "2", "c2").Outputs.Add(Data("image/svg+xml", svg));
        notebook.Add("code", "3", "c3").Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text });
        notebook.Add("code", "4", "c4", "varies").Outputs.Add(Data("text/plain", time));
        if (more)
            notebook.Add("code", "5", "c5");
        string path = Path.Combine(_folder, name + ".ipynb");
        notebook.Write(path);
        return path;
    }

    private static JsonObject Data(string type, string content) =>
        new() { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = content }, ["metadata"] = new JsonObject() };

    private string Report(string name, params (string, double)[] numbers) => Report(name, RunStatus.Passed, numbers);

    private string Report(string name, RunStatus status, params (string Name, double Value)[] numbers)
    {
        var cell = new CellReport("c1", 0, [], status, null, 1, 1, 0, numbers.ToDictionary(n => n.Name, n => n.Value), null);
        var report = new RunReport("quick", "auto", "managed", DateTimeOffset.UnixEpoch, 1, 1, 0, 0, [new("notebooks/x.ipynb", status, 1, 1, [cell])]);
        string path = Path.Combine(_folder, $"{name}.json");
        File.WriteAllText(path, report.ToJson());
        return path;
    }

    private Task<(int Code, string Output, string Error)> CompareAsync(string a, string b, params string[] more) => CourseProcess.RunAsync(_folder, ["compare", a, b, .. more]);
}
