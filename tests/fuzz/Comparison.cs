using System.IO.Enumeration;
using TorchSharp.Managed.Tests;

namespace TorchSharp.Managed.Fuzz;

/// <summary>Compares what the two engines wrote.</summary>
internal static class Comparison
{
    private static readonly string[] AllKnown = [.. Differences.All.Keys.Where(name => name.StartsWith("fuzz ", StringComparison.Ordinal)).Select(name => name[5..])];

    /// <summary>Whether a difference stands in Differences.md, as "fuzz OPERATION/TYPE/LAYOUT/VALUES KIND" with * for anything.</summary>
    private static bool Known(string difference, HashSet<string> used)
    {
        string? row = AllKnown.FirstOrDefault(row => FileSystemName.MatchesSimpleExpression(row, difference, ignoreCase: false));
        if (row is not null)
            used.Add(row);
        return row is not null;
    }

    /// <summary>Prints one case for each operation and kind of difference. Exit code 1 when there is any.</summary>
    internal static int Print(string ours, string real)
    {
        Dictionary<string, string> mine = Read(ours), theirs = Read(real);
        HashSet<string> used = [];
        var differing = (from item in mine
                         where theirs.ContainsKey(item.Key)
                         let kind = Results.Difference(item.Value, theirs[item.Key], item.Key.Split('/')[1], item.Key.Split('/')[3])
                         where kind is not null
                         select (item.Key, Kind: kind)).ToList();
        var open = differing.Where(item => !Known($"{item.Key} {item.Kind}", used)).ToList();
        foreach (var group in open.GroupBy(item => (item.Key.Split('/')[0], item.Kind)))
        {
            string name = group.First().Key;
            Console.WriteLine($"{name} {group.Key.Kind} ({group.Count()} cases: {string.Join(" ", group.Select(item => item.Key.Split('/')[1]).Distinct())})\n    ours {mine[name]}\n    real {theirs[name]}");
        }
        foreach (string row in AllKnown.Except(used))
            Console.WriteLine($"Differences.md has the row 'fuzz {row}', and no case differs so");
        int compared = mine.Keys.Count(theirs.ContainsKey);
        Console.WriteLine($"fuzz: {compared} cases of {mine.Keys.Where(theirs.ContainsKey).Select(name => name.Split('/')[0]).Distinct().Count()} overloads on both engines; {differing.Count - open.Count} differ as Differences.md says, {open.Count} otherwise");
        return open.Count == 0 ? 0 : 1;
    }

    private static Dictionary<string, string> Read(string file) => File.ReadLines(file).Select(line => line.Split('\t')).ToDictionary(parts => parts[0], parts => parts[1]);
}
