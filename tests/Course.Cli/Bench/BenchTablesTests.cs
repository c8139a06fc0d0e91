using Course.Cli.Bench;
using Course.Cli.Recording;

namespace Course.Cli.Tests.Bench;

/// <summary>Tables of the performance page come from a recorded bench.</summary>
public sealed class BenchTablesTests
{
    private static readonly Machine Machine = new("Some CPU", 2, 8, "some system", "some .NET");

    private static readonly BenchRecord Record = new BenchRecord([])
        .With(Run("gemm", 2, ("gemm 8", 2e-6, 1e-6)))
        .With(Run("gemm", 1, ("gemm 8", 3e-6, 4e-6), ("gemm 9", 0.25, null)))
        .With(Run("train", 1, ("epoch", 4.125, 11)) with { Result = new(0.125, 0.98765, 300.4), PeerResult = new(0.25, 0.5, 400) });

    [Fact]
    public void Table_HasBothSidesAndTheirRatio_ForEachNumberOfThreads()
    {
        string[] lines = BenchTables.Fill(Record, "<!-- bench: gemm -->old<!-- /bench -->").Split('\n');

        Assert.Equal("| gemm | ours, 1 thread | peer | ratio | ours, 2 threads | peer | ratio | ours does | of the limit |", lines[1]);
        Assert.Equal("| gemm 8 | 3.00 µs | 4.00 µs | 0.75 | 2.00 µs | 1.00 µs | **2.00** | 5.00 GFLOP/s | 25 % |", lines[3]);
        Assert.Equal("| gemm 9 | 250 ms |  |  | | | | 5.00 GFLOP/s | 25 % |", lines[4]);
        Assert.DoesNotContain(lines, line => line.Contains("old", StringComparison.Ordinal));
        Assert.All(lines[1..^1], line => Assert.Equal(lines[1].Count(c => c == '|'), line.Count(c => c == '|')));
    }

    [Fact]
    public void Table_OfADevice_StandsBesideThatOfTheCpu()
    {
        var record = Record.With(Run("gemm", 1, ("gemm 8", 1e-7, null)) with { Device = "cuda:0 (Some GPU, CUDA 13.0, 80 GiB)" });

        string text = BenchTables.Fill(record, "<!-- bench: gemm --><!-- /bench -->\n<!-- bench: machine --><!-- /bench -->");

        Assert.Contains("| gemm | ours, 1 thread | peer | ratio | ours, cuda:0 | peer | ratio | ours, 2 threads |", text);
        Assert.Contains("some .NET, cuda:0 (Some GPU, CUDA 13.0, 80 GiB). Ours:", text);
    }

    [Fact]
    public void Table_OfTraining_ShowsWhatWasLearned()
    {
        string text = BenchTables.Fill(Record, "<!-- bench: train --><!-- /bench -->");

        Assert.Contains("| epoch | 4.13 s | 11.0 s | 0.38 |", text);
        Assert.Contains("| loss of the last batch | 0.1250000 | 0.2500000 |", text);
        Assert.Contains("| peak memory | 300 MiB | 400 MiB |", text);
    }

    [Fact]
    public void Sentence_NamesMachineAndVersionsOnce() =>
        Assert.Contains("Measured 2026-01-02 on Some CPU, 2 cores, 8 GB, some system, some .NET. Ours: TorchSharp.Managed 1. Peer: libtorch 2. One core does at most 20.0 GFLOP/s, and moves 9.0 GB/s to and from memory.",
            BenchTables.Fill(Record, "before\n<!-- bench: machine -->\n<!-- /bench -->\nafter"));

    [Fact]
    public void Slower_NamesTheCasesInWhichThePeerIsFaster()
    {
        const string Page = "<!-- bench: slower --><!-- /bench -->";

        Assert.Contains("faster by more than 5 % in 1 of 4 cases: gemm 8 (2 threads: 2.00).", BenchTables.Fill(Record, Page));
        Assert.Contains("In no case is the peer faster", BenchTables.Fill(new([Record.Runs[0]]), Page));
    }

    [Fact]
    public void PerformancePage_AgreesWithTheRecordedBench()
    {
        string repository = Repository.Find()!;
        string record = Path.Combine(repository, "data", "last-bench.json"), page = File.ReadAllText(Path.Combine(repository, "lib", "TorchSharp.Managed", "Performance.md"));
        Assert.SkipUnless(File.Exists(record), "data/last-bench.json is not recorded; make it as Performance.md says");
        Assert.True(page == BenchTables.Fill(BenchRecord.Read(record), page), "Performance.md differs from data/last-bench.json; run: course bench report data/last-bench.json --into lib/TorchSharp.Managed/Performance.md");
    }

    [Fact]
    public void Fill_Twice_ChangesNothingMore()
    {
        string once = BenchTables.Fill(Record, "a\n<!-- bench: machine -->\n<!-- /bench -->\nb\n<!-- bench: gemm --><!-- /bench -->\nc");
        Assert.Equal(once, BenchTables.Fill(Record, once));
        Assert.EndsWith("\nc", once);
    }

    [Theory]
    [InlineData("<!-- bench: gemm -->\nno end", "has no end")]
    [InlineData("<!-- bench: conv --><!-- /bench -->", "course bench conv --record")]
    public void Fill_WhatCannotBeFilled_IsExplained(string markdown, string expected) =>
        Assert.Contains(expected, Assert.Throws<WrongUseException>(() => BenchTables.Fill(Record, markdown)).Message);

    [Fact]
    public void Record_KeepsOneRunOfEachKindAndNumberOfThreads()
    {
        var again = Record.With(Run("gemm", 1, ("gemm 10", 1, 1)));

        Assert.Equal([("train", 1), ("gemm", 1), ("gemm", 2)], again.Runs.Select(run => (run.What, run.Threads)));
        Assert.Equal("gemm 10", Assert.Single(again.Runs[1].Cases).Name);
    }

    private static BenchRun Run(string what, int threads, params (string Name, double Seconds, double? Peer)[] cases) =>
        new(what, threads, new DateOnly(2026, 1, 2), Machine, "TorchSharp.Managed 1", "libtorch 2",
            [.. cases.Select(c => CaseFigures.Of(c.Name, c.Seconds, c.Peer) with { Rate = 5, Unit = "GFLOP/s", OfLimit = 0.25 })])
        { Limits = what == "gemm" ? new MachineLimits(20, 8, 9) : null };
}
