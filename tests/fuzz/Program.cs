using System.Diagnostics;
using System.Reflection;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Fuzz;

/// <summary>
/// Calls every operation with every type, layout and kind of values, on the engine with which it was built:
/// <c>Fuzz write FILE [LIKE]</c> writes the results (of the cases in LIKE), <c>Fuzz compare OURS REAL</c> says in what two files differ, <c>Fuzz show CASE</c> runs one,
/// <c>Fuzz meta</c> says which operations give other shapes and types on the meta device than on the CPU.
/// </summary>
internal static class Program
{
    private const int Seed = 20261128;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["write", var file, .. var like]:
                File.Delete(file);
                // An error that libtorch does not catch ends the process: the next one goes on with the next operation.
                while (Child(["go-on", file, .. like]) != 0)
                    File.AppendAllText(file, Results.Crash + "\n");
                return 0;
            case ["go-on", var file, .. var like]:
                GoOn(file, like.Length == 0 ? null : [.. File.ReadLines(like[0]).Select(line => line.Split('\t')[0])]);
                return 0;
            case ["compare", var ours, var real]:
                return Comparison.Print(ours, real);
            case ["show", var name]:
                var found = Cases().Single(item => item.Name == name);
                Console.WriteLine($"{string.Join("\n", Arguments.Draw(found.Method, new Draws(name, Seed), found.Type, found.Layout, found.Values).Select(Arguments.Text))}\n-> {Run(found)}");
                return 0;
            case ["meta"]:
                return Meta();
            default:
                Console.Error.WriteLine("usage: Fuzz write FILE [LIKE] | compare OURS REAL | show CASE | meta");
                return 2;
        }
    }

    private sealed record Case(string Name, MethodInfo Method, ScalarType Type, string Layout, string Values);

    private static IEnumerable<Case> Cases() =>
        from operation in Operations.All
        from type in Inputs.Types
        from layout in Inputs.Layouts
        let draws = new Draws($"{operation.Name}{type}{layout}", Seed)
        let values = draws.Of(Inputs.Values)
        where draws.Below(2) == 0
        select new Case($"{operation.Name}/{type}/{layout}/{values}", operation.Method, type, layout, values);

    private static int Child(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments) { RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Insert(0, typeof(Program).Assembly.Location);
        using var child = Process.Start(start)!;
        child.StandardError.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode;
    }

    private static void GoOn(string file, HashSet<string>? like)
    {
        set_num_threads(1);
        string? last = File.Exists(file) ? File.ReadLines(file).LastOrDefault()?.Split('/')[0] : null;
        var rest = Cases().SkipWhile(item => last is not null && Operation(item) != last).SkipWhile(item => Operation(item) == last);
        using StreamWriter writer = new(file, append: true) { AutoFlush = true };
        foreach (var item in rest.Where(item => like is null || like.Contains(item.Name)))
        {
            writer.Write(item.Name + "\t");
            writer.Write(Run(item) + "\n");
        }
    }

    private static int Meta()
    {
        int same = 0, values = 0, other = 0;
        foreach (var item in Cases().Where(item => item is { Layout: "contiguous", Type: ScalarType.Float32 or ScalarType.Int64 or ScalarType.Bool }))
        {
            using var scope = NewDisposeScope();
            string outcome = MetaDevice.Try(item.Method, Arguments.Draw(item.Method, new Draws(item.Name, Seed), item.Type, item.Layout, item.Values));
            if (outcome == "same")
                same++;
            else if (outcome == "values")
                values++;
            else
                other++;
            if (outcome is not ("same" or "values"))
                Console.WriteLine($"{item.Name}: {outcome}");
        }
        Console.WriteLine($"{same} cases give the same shapes and types on meta, {values} need values, {other} differ");
        return other == 0 ? 0 : 1;
    }

    private static string Operation(Case item) => item.Name.Split('/')[0];

    private static string Run(Case item)
    {
        using var scope = NewDisposeScope();
        object?[] arguments = Arguments.Draw(item.Method, new Draws(item.Name, Seed), item.Type, item.Layout, item.Values);
        try
        {
            return Results.Text(item.Method.Invoke(item.Method.IsStatic ? null : arguments[0], BindingFlags.DoNotWrapExceptions, null, item.Method.IsStatic ? arguments : arguments[1..], null));
        }
        catch (Exception failure)
        {
            return Results.Text(failure);
        }
    }
}
