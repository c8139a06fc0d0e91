using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Writes tests/golden/data and tests/golden/random: <c>dotnet run --project tests/golden [GROUP…]</c>. See README.md.</summary>
internal static class Program
{
    /// <summary>Of the library that computes the numbers.</summary>
    internal const string Version = "2.10, TorchSharp 0.107.0";

    internal static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 1 };

    /// <summary>Files with a form of their own.</summary>
    private static readonly Dictionary<string, Action> Files = new()
    {
        ["handles"] = () => HandleCounts.Write([.. Groups!.Keys, HandleSteps.Group]),
        ["next"] = NextNumbers.Write,
        ["optimizers"] = Optimizers.Write,
        ["random"] = RandomStreams.Write,
        ["reference_network"] = ReferenceLosses.Write,
    };

    private static readonly Dictionary<string, Action<CaseWriter>> Groups = new()
    {
        ["unary"] = Elementwise.Unary,
        ["binary"] = Elementwise.Binary,
        ["reduce"] = Reductions.Add,
        ["shape"] = Shapes.Add,
        ["matrix"] = Matrices.Add,
        ["calls"] = Calls.Add,
        ["corners"] = Corners.Add,
        ["activations"] = Activations.Add,
        ["functional"] = Functions.Add,
        ["losses"] = Losses.Add,
        ["modules"] = ModuleCases.Add,
    };

    private static int Main(string[] arguments)
    {
        set_num_threads(1);
        foreach (string unknown in arguments.Where(name => !Groups.ContainsKey(name) && !Files.ContainsKey(name)))
        {
            Console.Error.WriteLine($"There is no group '{unknown}': {string.Join(", ", Groups.Keys.Concat(Files.Keys))}.");
            return 2;
        }
        bool Asked(string name) => arguments.Length == 0 || arguments.Contains(name);
        int wrong = 0;
        foreach (string name in Groups.Keys.Where(Asked))
        {
            using var scope = NewDisposeScope();
            CaseWriter writer = new(name);
            try
            {
                Groups[name](writer);
                writer.Write();
            }
            catch (InvalidOperationException failure)
            {
                Console.Error.WriteLine(failure.Message);
                wrong++;
            }
        }
        foreach (string name in Files.Keys.Where(Asked))
        {
            using var scope = NewDisposeScope();
            Files[name]();
        }
        return wrong == 0 ? 0 : 1;
    }
}
