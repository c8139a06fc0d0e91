using System.Text.Json.Nodes;
using Course.Cli.Comparing;
using Course.Kernel.Runner;

namespace Course.Cli.Tests.Comparing;

public sealed class CompareCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("course-compare-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

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
        Assert.Equal(0, (await CompareAsync(folder, folder)).Code);
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

    [Theory]
    [InlineData("absent.json", null, "does not exist")]
    [InlineData("list.json", "[1, 2]", "is no report of a run")]
    [InlineData("other.json", "{\"cells\": []}", "is no report of a run")]
    [InlineData("cut.json", "{\"profile\":\n \"qui", "cut.json, line 2 is no report of a run")]
    [InlineData("record.json", "{\"machine\": null}", "lacks the machine")]
    public async Task WhatIsNoReport_IsNamed_AndExitsWithTwo(string name, string? content, string expected)
    {
        string path = Path.Combine(folder, name);
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

    private string Report(string name, params (string, double)[] numbers) => Report(name, RunStatus.Passed, numbers);

    private string Report(string name, RunStatus status, params (string Name, double Value)[] numbers)
    {
        var cell = new CellReport("c1", 0, [], status, null, 1, 1, 0, numbers.ToDictionary(n => n.Name, n => n.Value), null);
        var report = new RunReport("quick", "auto", "managed", DateTimeOffset.UnixEpoch, 1, 1, 0, 0, [new("notebooks/x.ipynb", status, 1, 1, [cell])]);
        string path = Path.Combine(folder, $"{name}.json");
        File.WriteAllText(path, report.ToJson());
        return path;
    }

    private Task<(int Code, string Output, string Error)> CompareAsync(string a, string b, params string[] more) => CourseProcess.RunAsync(folder, ["compare", a, b, .. more]);
}
