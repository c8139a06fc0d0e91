using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>Whatever an operation makes on the way to its result it disposes itself: nothing waits for the collector.</summary>
public class TemporariesTests
{
    /// <summary>Their cases give them tensors that are made on the spot.</summary>
    private static readonly string[] Exempt = ["F.ctc_loss", "F.batch_norm"];

    public static TheoryData<string> Groups => [.. GoldenTests.groups];

    [Theory, MemberData(nameof(Groups))]
    public void Operations_LeaveNothingBehindButTheirResults(string group)
    {
        var failures = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var item in GoldenCase.Load(group).Where(item => item.Seed is null))
            foreach (var (name, call) in Calls(item))
            {
                using var outer = NewDisposeScope();
                var inputs = GoldenRunner.Prepared(item, item.Inputs());
                using var inner = NewDisposeScope();
                var results = call(inputs);
                int own = results.Distinct<Tensor>(ReferenceEqualityComparer.Instance).Count(inner.Contains);
                if (inner.DisposablesCount > own)
                    failures.Add($"{name}: {inner.DisposablesCount - own} more than its {own}");
            }
        Assert.True(failures.Count == 0, $"tensors left behind:\n{string.Join('\n', failures)}");
    }

    private static IEnumerable<(string name, Func<Tensor[], Tensor[]> call)> Calls(GoldenCase item) =>
        item.ByName ? GoldenCall.Overloads(item).Select(overload => (overload.ToString(), (Func<Tensor[], Tensor[]>)overload.Call))
        : item.Op.StartsWith("F.", StringComparison.Ordinal) && !Exempt.Contains(item.Op) ? [(item.Op, GoldenRunner.Function(item))] : [];
}
