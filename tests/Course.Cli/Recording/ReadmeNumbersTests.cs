using Course.Base;
using Course.Cli.Commands;
using Course.Cli.Recording;
using Course.Notebooks;
using Course.Runner;

namespace Course.Cli.Tests.Recording;

/// <summary>Numbers in the README come from recorded runs.</summary>
public class ReadmeNumbersTests
{
    private static readonly RunRecord Full = Record("full", ("notebooks/a.ipynb", 90, 0.9912), ("notebooks/b.ipynb", 30, 0.5));
    private static readonly RunRecord Quick = Record("quick", ("notebooks/a.ipynb", 12, 0.9));
    private static readonly RunRecord Real = Record("quick", ("notebooks/a.ipynb", 36, 0.8)) with { Engine = "torchsharp-cpu" };

    [Fact]
    public void Minutes_AreTheSumOverTheNotebooksOfARow()
    {
        const string Table = """
            | | chapter | read | quick | full |
            |---|---|---|---|---|
            | 1 | [A](notebooks/a.ipynb) | 0 | 0 | 0 |
            | 2 | [A](notebooks/a.ipynb), [B](notebooks/b.ipynb#part) of [x](lib/x.md), [B](notebooks/b.ipynb) |  |  |  |
            """;
        string filled = new ReadmeNumbers(Quick, Real, Full) { ReadingMinutes = path => path.EndsWith("a.ipynb", StringComparison.Ordinal) ? 7 : 4 }.Fill(Block("minutes", Table));
        Assert.Contains("| 1 | [A](notebooks/a.ipynb) | 7 | 0.2 | 1.5 |", filled);
        Assert.Contains("(notebooks/b.ipynb) | 11 | – | 2.0 |", filled);
        Assert.Contains("| | chapter | read | quick | full |", filled);
    }

    [Fact]
    public void Minutes_WithoutReadingTimes_LeaveThatColumn() =>
        Assert.Contains("| 33 | 0.2 | 1.5 |", new ReadmeNumbers(Quick, Real, Full).Fill(Block("minutes", "| a | r | q | f |\n|--|--|--|--|\n| [A](notebooks/a.ipynb) | 33 | | |")));

    [Fact]
    public void Minutes_WithoutAQuickRun_LeaveThatColumn() =>
        Assert.Contains("| 33 | 0.4 | 1.5 |", new ReadmeNumbers(null, null, Full).Fill(Block("minutes", "| a | r | q | f |\n|--|--|--|--|\n| [A](notebooks/a.ipynb) | 33 | 0.4 | |")));

    [Theory]
    [InlineData("a.accuracy", "99.12 %")]
    [InlineData("a.seconds", "1235 s")]
    [InlineData("a.p50", "0.0123")]
    public void Value_IsShownInTheUnitOfItsName(string name, string expected)
    {
        var record = Full with { Notebooks = [Full.Notebooks[0] with { Numbers = new Dictionary<string, double> { ["a.accuracy"] = 0.9912, ["a.seconds"] = 1234.6, ["a.p50"] = 0.01234 } }] };
        Assert.Contains($"| text | `{name}` | {expected} | – | {expected} |",
            new ReadmeNumbers(record, null, record).Fill(Block("values", $"| what | name | quick | real | full |\n|---|---|---|---|---|\n| text | `{name}` | ? | ? | ? |")));
    }

    [Fact]
    public void Run_SaysWhatWasRunWhereAndHowLong()
    {
        string filled = new ReadmeNumbers(Quick, Real, Full).Fill(Block("run", ""));
        Assert.Contains("2 notebooks, 4 cells passed, 2 failed, 2 skipped, in 2.0 minutes", filled);
        Assert.Contains("2026-01-02, commit abc", filled);
        Assert.Contains(Machine.This().Processor, filled);
    }

    [Fact]
    public void Real_SaysWhichEngineRanWhat() =>
        Assert.Contains("Engine torchsharp-cpu, quick profile: 1 notebooks, 2 cells passed", new ReadmeNumbers(Quick, Real, Full).Fill(Block("real", "")));

    [Fact]
    public void Fill_Twice_ChangesNothingMore()
    {
        var numbers = new ReadmeNumbers(Quick, Real, Full);
        string once = numbers.Fill("before\n" + Block("run", "old") + "between\n" + Block("minutes", "| a | r | q | f |\n|--|--|--|--|\n| [A](notebooks/a.ipynb) | 3 | | |") + "after");
        Assert.Equal(once, numbers.Fill(once));
        Assert.StartsWith("before\n", once);
        Assert.EndsWith("after", once);
    }

    [Theory]
    [InlineData("<!-- numbers: run -->\nno end", "has no end")]
    [InlineData("<!-- numbers: run -->\n<!-- numbers: run -->\n<!-- /numbers -->", "has no end")]
    [InlineData("<!-- numbers: weather -->\n<!-- /numbers -->", "weather --> is unknown")]
    [InlineData("<!-- numbers: values -->\n| a | b | c | d |\n|---|---|---|---|\n| `9.9.nothing` | 1 | 2 | 3 |\n<!-- /numbers -->", "recorded 9.9.nothing")]
    public void Fill_WhatCannotBeFilled_IsExplained(string markdown, string expected) =>
        Assert.Contains(expected, Assert.Throws<WrongUseException>(() => new ReadmeNumbers(Quick, Real, Full).Fill(markdown)).Message);

    [Fact]
    public void Readme_OfTheRepository_AgreesWithTheRecordedRuns()
    {
        string repository = Checkout.Above(AppContext.BaseDirectory)!;
        string readme = File.ReadAllText(Path.Combine(repository, "README.md"));
        Assert.True(readme == ReadmeCommand.Numbers(repository, readingMinutes: null).Fill(readme), "README.md differs from data/last-full-run.json or data/last-quick-run.json; run: course readme");
        Assert.Contains("<!-- numbers: minutes -->", readme);
        Assert.Contains("<!-- numbers: values -->", readme);
    }

    [Theory]
    [InlineData("full", ReadmeCommand.FullRun)]
    [InlineData("quick", ReadmeCommand.QuickRun)]
    [InlineData("quick", ReadmeCommand.RealRun)]
    public void RecordedRun_PassedEveryCellOfItsNotebooks(string profile, string file)
    {
        string path = Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, file);
        Assert.SkipWhen(!File.Exists(path), $"{file} is not recorded");
        var record = RunRecord.Read(path);
        Assert.Equal(profile, record.Profile);
        Assert.Empty(record.Notebooks.Where(n => n.Failed + n.NotRun > 0).Select(n => n.Path));
    }

    private static string Block(string kind, string body) => $"<!-- numbers: {kind} -->\n{body}\n<!-- /numbers -->\n";

    private static RunRecord Record(string profile, params (string Path, double Seconds, double Accuracy)[] notebooks) =>
        RunRecord.Empty(new RunOptions { Notebooks = [], Out = "", Profile = profile }).With(RunRecordTests.Report(notebooks), "abc", 2);
}
