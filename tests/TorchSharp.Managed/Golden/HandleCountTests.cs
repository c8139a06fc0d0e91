namespace TorchSharp.Managed.Tests.Golden;

/// <summary>
/// The statistics of dispose scopes count what a program gets, not what an operation makes on the way. TorchSharp counts more where it
/// composes functions of its own; no more than it has may be made here, or left.
/// </summary>
public class HandleCountTests
{
    private static readonly Dictionary<string, HandleCount> Recorded = HandleCounts.Recorded();

    public static TheoryData<string> Groups => [.. GoldenTests.groups, HandleSteps.Group];

    [Theory, MemberData(nameof(Groups))]
    public void Counts_OfEveryCall_AreTorchSharps(string group)
    {
        var counts = HandleCounts.Of(group);
        Assert.Empty(counts.Keys.Except(Recorded.Keys));
        string[] wrong = [.. counts.Where(pair => !Agree(Recorded[pair.Key], pair.Value)).Select(pair => $"{pair.Key}: {pair.Value}, TorchSharp {Recorded[pair.Key]}").Order()];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static bool Agree(HandleCount real, HandleCount own) => own.Results <= real.Results && own.Made <= real.Made
        && own.Made - own.Disposed is var left && left >= own.Results && left <= real.Made - real.Disposed;
}
