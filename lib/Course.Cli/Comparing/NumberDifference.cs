namespace Course.Cli.Comparing;

/// <summary>A recorded number of two runs.</summary>
/// <param name="First">Null: the first run has not recorded it.</param>
/// <param name="Difference">second − first; null when one is missing.</param>
/// <param name="Relative">|second − first| / max(|first|, |second|), 0 for equal numbers; null when one is missing.</param>
/// <param name="Flagged">Beyond the tolerance, or missing in one run. Times, rates and memory are the machine's and never flagged.</param>
internal sealed record NumberDifference(string Notebook, string Name, double? First, double? Second, double? Difference, double? Relative, bool Flagged)
{
    private static readonly HashSet<string> OfTheMachine =
        new(["seconds", "ms", "us", "p50", "p90", "p95", "p99", "latency", "throughput", "mb", "mib", "memory", "bytes"], StringComparer.OrdinalIgnoreCase);

    public static NumberDifference Of(string notebook, string name, double? first, double? second, double tolerance)
    {
        if (first is not { } a || second is not { } b)
            return new(notebook, name, first, second, null, null, true);
        double relative = a == b ? 0 : Math.Abs(b - a) / Math.Max(Math.Abs(a), Math.Abs(b));
        return new(notebook, name, a, b, b - a, relative, relative > tolerance && !IsOfTheMachine(name));
    }

    /// <summary>By the parts of a name such as <c>4.3.seconds</c>: the report keeps no units.</summary>
    public static bool IsOfTheMachine(string name) => name.Split('.').Any(OfTheMachine.Contains);
}
