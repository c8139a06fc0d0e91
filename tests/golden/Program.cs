using System.Diagnostics;
using System.Reflection;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Writes tests/golden/data and tests/golden/random: <c>dotnet run --project tests/golden [GROUP…]</c>. See README.md.</summary>
internal static class Program
{
    /// <summary>Of the library that computes the numbers.</summary>
    internal const string Version = "2.10, TorchSharp 0.107.0";

    private static readonly Dictionary<string, Action<CaseWriter>> groups = new()
    {
        ["unary"] = Elementwise.Unary,
        ["binary"] = Elementwise.Binary,
        ["reduce"] = Reductions.Add,
        ["shape"] = Shapes.Add,
        ["matrix"] = Matrices.Add,
        ["calls"] = Calls.Add,
        ["corners"] = Corners.Add,
        ["functional"] = Functions.Add,
        ["losses"] = Losses.Add,
        ["modules"] = Modules.Add,
    };

    private static int Main(string[] arguments)
    {
        set_num_threads(1);
        foreach (string unknown in arguments.Where(name => !groups.ContainsKey(name)))
        {
            Console.Error.WriteLine($"There is no group '{unknown}': {string.Join(", ", groups.Keys)}.");
            return 2;
        }
        int wrong = 0;
        foreach (string name in groups.Keys.Where(name => arguments.Length == 0 || arguments.Contains(name)))
        {
            using DisposeScope scope = NewDisposeScope();
            CaseWriter writer = new(name);
            try
            {
                groups[name](writer);
                writer.Write();
            }
            catch (InvalidOperationException failure)
            {
                Console.Error.WriteLine(failure.Message);
                wrong++;
            }
        }
        return wrong == 0 ? 0 : 1;
    }
}
