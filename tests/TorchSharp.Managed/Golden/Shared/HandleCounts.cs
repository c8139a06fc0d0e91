using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>What the statistics of dispose scopes say about some calls: how many tensors they gave, made, and disposed themselves.</summary>
internal readonly record struct HandleCount(long Results, long Made, long Disposed)
{
    public static HandleCount operator +(HandleCount a, HandleCount b) => new(a.Results + b.Results, a.Made + b.Made, a.Disposed + b.Disposed);
}

/// <summary>
/// Counts the tensors of every case of the golden suite that is called by a name, of the modules when they are made and called, and of
/// <see cref="HandleSteps"/>. tests/golden/data/handles.txt has TorchSharp's: name, results, made, disposed, in sum over the cases.
/// </summary>
internal static class HandleCounts
{
    internal static string FilePath => Path.Combine(Repository.Root, "tests", "golden", "data", "handles.txt");

    internal static void Write(IEnumerable<string> groups) => File.WriteAllLines(FilePath, groups.SelectMany(Of)
        .Select(pair => $"{pair.Key}\t{pair.Value.Results}\t{pair.Value.Made}\t{pair.Value.Disposed}").Order(StringComparer.Ordinal));

    internal static Dictionary<string, HandleCount> Recorded() => File.ReadLines(FilePath).Select(line => line.Split('\t'))
        .ToDictionary(cells => cells[0], cells => new HandleCount(long.Parse(cells[1]), long.Parse(cells[2]), long.Parse(cells[3])));

    internal static Dictionary<string, HandleCount> Of(string group)
    {
        Dictionary<string, HandleCount> counts = [];
        foreach (var (name, run) in group == HandleSteps.Group ? HandleSteps.All.Select(step => (step.Key, step.Value())) : GoldenCase.Load(group).SelectMany(Calls))
            counts[$"{group}: {name}"] = counts.GetValueOrDefault($"{group}: {name}") + Of(run);
        return counts;
    }

    private static HandleCount Of(Func<IEnumerable<Tensor>> run)
    {
        using var scope = NewDisposeScope();
        var all = DisposeScopeManager.Statistics;
        all.Reset();
        Tensor[] results = [.. run()];
        return new HandleCount(results.Distinct<Tensor>(ReferenceEqualityComparer.Instance).Count(scope.Contains),
            all.CreatedInScopeCount + all.CreatedOutsideScopeCount, all.DisposedInScopeCount + all.DisposedOutsideScopeCount);
    }

    private static IEnumerable<(string name, Func<IEnumerable<Tensor>> run)> Calls(GoldenCase item)
    {
        using var scope = NewDisposeScope();
        var inputs = item.Inputs();
        foreach (int i in item.Variables(inputs))
            inputs[i].requires_grad = true;
        inputs = GoldenRunner.Prepared(item, inputs);
        if (item.ByName)
        {
            foreach (var overload in GoldenCall.Overloads(item).Where(overload => (GoldenRunner.Listed(overload.Name, item) ?? GoldenRunner.Listed(overload.ToString(), item)) is null))
                yield return (overload.ToString(), () => overload.Call(inputs));
        }
        else if (GoldenRunner.Listed(item.Op, item) is null)
        {
            if (item.Seed is null)
                yield return (item.Op, () => GoldenRunner.Run(item, inputs).outputs);
            else
            {
                nn.Module module = null!;
                Func<Tensor[], Tensor[]> call = null!;
                yield return ("new " + item.Op, Make);
                module.to(inputs.FirstOrDefault(input => input.is_floating_point())?.dtype ?? item.Arguments.Type);
                module.train(item.Arguments.Flag("training", true));
                yield return (item.Op, () => call(inputs));

                IEnumerable<Tensor> Make()
                {
                    (module, call) = GoldenModules.Table[item.Op](item.Arguments);
                    return [];
                }
            }
        }
    }
}
