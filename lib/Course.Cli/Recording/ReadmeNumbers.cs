using System.Globalization;
using System.Text.RegularExpressions;
using Course.Cli.Commands;

namespace Course.Cli.Recording;

/// <summary>
/// Writes recorded numbers into Markdown, between <c>&lt;!-- numbers: KIND --&gt;</c> and <c>&lt;!-- /numbers --&gt;</c>.
/// Of a table the words stay as they are and the last cells of each row are filled in from what the row names:
/// <c>minutes</c> from the notebooks that it links to (to read, to run quick, to run full; without a quick run that cell stays), <c>values</c> from the
/// number that it names in backticks (of the quick run, of the quick run on the real TorchSharp, of the full run). <c>run</c> is a sentence about the
/// full run, <c>real</c> one about that on the real TorchSharp.
/// </summary>
internal sealed partial class ReadmeNumbers(RunRecord? quick, RunRecord? real, RunRecord full)
{
    private const string Unknown = "–";

    /// <summary>Minutes to read a notebook, by path; null leaves that column as it is.</summary>
    public Func<string, int>? ReadingMinutes { get; init; }

    /// <exception cref="WrongUseException">A block has no end or an unknown kind, or a row names a number that was not recorded.</exception>
    public string Fill(string markdown)
    {
        if (Block().Count(markdown) != Opening().Count(markdown))
            throw new WrongUseException("A block of numbers has no end: close each <!-- numbers: … --> with <!-- /numbers --> before the next one opens.");
        return Block().Replace(markdown, block => block.Groups["open"].Value + block.Groups["kind"].Value switch
        {
            "minutes" => Rows(block.Groups["body"].Value, Minutes),
            "values" => Rows(block.Groups["body"].Value, Value),
            "run" => $"\n{Sentence()}\n",
            "real" => real is null ? block.Groups["body"].Value : $"\n{Sentence(real)}\n",
            var other => throw new WrongUseException($"<!-- numbers: {other} --> is unknown; expected minutes, values, run or real."),
        } + block.Groups["close"].Value);
    }

    private static string Rows(string table, Func<string[], string[]> fill)
    {
        string[] lines = table.Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith("|--", StringComparison.Ordinal)) + 1;
        for (int i = first; i < lines.Length; i++)
            if (first > 0 && lines[i].StartsWith('|'))
                lines[i] = $"| {string.Join(" | ", fill([.. lines[i].Trim().Trim('|').Split('|').Select(cell => cell.Trim())]))} |";
        return string.Join('\n', lines);
    }

    private string[] Minutes(string[] cells)
    {
        string[] paths = [.. Link().Matches(string.Join(' ', cells)).Select(m => m.Groups["path"].Value)];
        string Run(RunRecord? record, string now)
        {
            if (record is null)
                return now;
            RecordedNotebook[] found = [.. record.Notebooks.Where(n => paths.Contains(n.Path))];
            return found.Length == paths.Distinct().Count() ? InMinutes(found.Sum(n => n.Seconds)) : Unknown;
        }
        string read = ReadingMinutes is null ? cells[^3] : paths.Distinct().Sum(ReadingMinutes).ToString(CultureInfo.InvariantCulture);
        return [.. cells[..^3], read, Run(quick, cells[^2]), Run(full, cells[^1])];
    }

    private string[] Value(string[] cells)
    {
        if (Name().Match(string.Join(' ', cells[..^3])) is not { Success: true } name)
            return cells;
        double value = full.Number(name.Groups["name"].Value)
            ?? throw new WrongUseException($"No notebook of the full run recorded {name.Groups["name"].Value}, which the README asks for.");
        string Of(RunRecord? record) => record?.Number(name.Groups["name"].Value) is { } recorded ? Shown(name.Groups["name"].Value, recorded) : Unknown;
        return [.. cells[..^3], Of(quick), Of(real), Shown(name.Groups["name"].Value, value)];
    }

    private static string Sentence(RunRecord run) => string.Create(CultureInfo.InvariantCulture,
        $"Engine {run.Engine}, quick profile: {run.Notebooks.Count} notebooks, {run.Passed} cells passed, {run.Failed} failed, {run.Skipped} skipped, {InMinutes(run.Seconds)} minutes; {run.Notebooks.Max(n => n.Date):yyyy-MM-dd}, commit {string.Join(", ", run.Notebooks.Select(n => n.Commit).Distinct())}, on {run.Machine}. [{ReadmeCommand.RealRun}]({ReadmeCommand.RealRun}) has the rest.");

    private string Sentence()
    {
        string[] commits = [.. full.Notebooks.Select(n => n.Commit).Distinct()];
        var last = full.Notebooks.Max(n => n.Date);
        string inQuick = quick is null ? "" : $"; in the quick profile {InMinutes(quick.Seconds)} minutes";
        return string.Create(CultureInfo.InvariantCulture,
            $"The last full run: {full.Notebooks.Count} notebooks, {full.Passed} cells passed, {full.Failed} failed, {full.Skipped} skipped, in {InMinutes(full.Seconds)} minutes one after another{inQuick}. Engine {full.Engine}, {last:yyyy-MM-dd}, commit {string.Join(", ", commits)}, on {full.Machine}. [data/last-full-run.json](data/last-full-run.json) has the rest.");
    }

    private static string InMinutes(double seconds) => (seconds / 60).ToString(seconds < 600 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Shown(string name, double value) => name.Split('.')[^1] switch
    {
        "accuracy" => value.ToString("P2", CultureInfo.InvariantCulture),
        "seconds" => value.ToString("0 s", CultureInfo.InvariantCulture),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("<!-- numbers: ")]
    private static partial Regex Opening();

    [GeneratedRegex("(?<open><!-- numbers: (?<kind>[a-z]+) -->)(?<body>((?!<!-- numbers: ).)*?)(?<close><!-- /numbers -->)", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\]\((?<path>notebooks/[^)]+\.ipynb)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<name>[^`]+)`")]
    private static partial Regex Name();
}
