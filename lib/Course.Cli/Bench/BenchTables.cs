using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Course.Cli.Bench;

/// <summary>
/// A record as Markdown: a sentence about what was measured, one about where the peer is faster, and a table of each kind.
/// <see cref="Fill"/> writes them between <c>&lt;!-- bench: KIND --&gt;</c> and <c>&lt;!-- /bench --&gt;</c>; the sentences are the kinds
/// <c>machine</c> and <c>slower</c>.
/// </summary>
internal static partial class BenchTables
{
    private const double Noise = 1.05;

    public static string All(BenchRecord record) =>
        string.Join("\n\n", record.Runs.Select(run => run.What).Distinct().Select(kind => $"### {kind}\n\n{Table(record, kind)}").Prepend(Slower(record)).Prepend(Sentence(record)));

    /// <exception cref="WrongUseException">A block has no end or is of a kind that was not recorded.</exception>
    public static string Fill(BenchRecord record, string markdown)
    {
        if (Block().Count(markdown) != Opening().Count(markdown))
            throw new WrongUseException("A block has no end: close each <!-- bench: … --> with <!-- /bench --> before the next one opens.");
        return Block().Replace(markdown, block => $"{block.Groups["open"].Value}\n{Body(record, block.Groups["kind"].Value)}\n{block.Groups["close"].Value}");
    }

    private static string Body(BenchRecord record, string kind) =>
        kind == "machine" ? Sentence(record)
        : kind == "slower" ? Slower(record)
        : record.Runs.Any(run => run.What == kind) ? Table(record, kind)
        : throw new WrongUseException($"<!-- bench: {kind} --> asks for a kind that the record lacks; measure it with: course bench {kind} --record FILE");

    /// <summary>Times on both sides for each number of threads, and of one thread what the time means.</summary>
    private static string Table(BenchRecord record, string kind)
    {
        BenchRun[] runs = [.. record.Runs.Where(run => run.What == kind)];
        var text = new StringBuilder($"| {kind} |");
        foreach (var run in runs)
            text.Append(CultureInfo.InvariantCulture, $" ours, {Where(run)} | peer | ratio |");
        text.Append(" ours does | of the limit |\n|---|").Insert(text.Length, "--:|--:|--:|", runs.Length).Append("--:|--:|");
        foreach (var first in runs[0].Cases)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n| {first.Name} |");
            foreach (var run in runs)
                text.Append(run.Cases.FirstOrDefault(c => c.Name == first.Name) is { } one
                    ? $" {Time(one.Seconds)} | {(one.PeerSeconds is { } peer ? Time(peer) : "")} | {Ratio(one)} |" : " | | |");
            text.Append(CultureInfo.InvariantCulture, $" {(first.Rate is { } rate ? $"{Digits(rate)} {first.Unit}" : "")} | {(first.OfLimit is { } limit ? $"{limit * 100:0} %" : "")} |");
        }
        foreach (var (name, show) in Results)
            if (runs[0].Result is not null)
                text.Append(CultureInfo.InvariantCulture, $"\n| {name} |")
                    .AppendJoin("", runs.Select(run => $" {Shown(run.Result, show)} | {Shown(run.PeerResult, show)} | |")).Append(" | |");
        return text.ToString();
    }

    private static readonly (string, Func<TrainResult, string>)[] Results =
    [
        ("loss of the last batch", r => r.FinalLoss.ToString("0.0000000", CultureInfo.InvariantCulture)),
        ("accuracy on the test images", r => r.Accuracy.ToString("0.00 %", CultureInfo.InvariantCulture)),
        ("peak memory", r => r.PeakMb.ToString("0 MiB", CultureInfo.InvariantCulture)),
    ];

    private static string Shown(TrainResult? result, Func<TrainResult, string> show) => result is null ? "" : show(result);

    private static string Sentence(BenchRecord record)
    {
        string Each(Func<BenchRun, string?> what) => string.Join("; ", record.Runs.Select(what).OfType<string>().Distinct());
        MachineLimits[] limits = [.. record.Runs.Select(run => run.Limits).OfType<MachineLimits>()];
        string most = limits.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" One core does at most {limits.Max(l => l.PeakGflops):0.0} GFLOP/s, and moves {limits.Max(l => l.BandwidthGbS):0.0} GB/s to and from memory.");
        return $"Measured {Each(run => run.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))} on {Each(run => run.Machine.ToString())}{(Each(run => run.Device == BenchDevice.Cpu ? null : run.Device) is { Length: > 0 } device ? $", {device}" : "")}. Ours: {Each(run => run.Engine)}. Peer: {(Each(run => run.Peer) is { Length: > 0 } peer ? peer : "none")}.{most}";
    }

    /// <summary>In bold where the peer is faster by more than two runs differ.</summary>
    private static string Ratio(CaseFigures one)
    {
        string shown = one.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
        return one.Ratio > Noise ? $"**{shown}**" : shown;
    }

    private static string Slower(BenchRecord record)
    {
        string[] cases = [.. record.Runs.SelectMany(run => run.Cases.Where(one => one.Ratio > Noise)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} ({Where(run)}: {one.Ratio:0.00})")))];
        return cases.Length == 0 ? "In no case is the peer faster by more than 5 %." : $"The peer is faster by more than 5 % in {cases.Length} of {record.Runs.Sum(run => run.Cases.Count)} cases: {string.Join(", ", cases)}.";
    }

    /// <summary>What computed: threads of the CPU, or the device.</summary>
    private static string Where(BenchRun run) => run.Device != BenchDevice.Cpu ? run.Device.Split(' ')[0] : run.Threads == 1 ? "1 thread" : $"{run.Threads} threads";

    /// <summary>Seconds with three digits, in the unit that suits them.</summary>
    public static string Time(double seconds) => seconds < 1e-3 ? $"{Digits(seconds * 1e6)} µs" : seconds < 1 ? $"{Digits(seconds * 1e3)} ms" : $"{Digits(seconds)} s";

    private static string Digits(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    [GeneratedRegex("<!-- bench: ")]
    private static partial Regex Opening();

    [GeneratedRegex("(?<open><!-- bench: (?<kind>[a-z]+) -->)((?!<!-- bench: ).)*?(?<close><!-- /bench -->)", RegexOptions.Singleline)]
    private static partial Regex Block();
}
