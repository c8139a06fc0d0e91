namespace Course.Cli.Bench;

/// <summary>The cases of each kind, and how they are compared.</summary>
internal static class BenchCases
{
    private const int Rounds = 7;

    public static IEnumerable<BenchCase> Of(string kind) => kind switch
    {
        "gemm" => KernelCases.Gemm(),
        "conv" => KernelCases.Conv(),
        "ops" => KernelCases.Ops(),
        "blocks" => BlockCases.All(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "expected gemm, conv, ops or blocks"),
    };

    /// <summary>The case that a peer is asked for; null when this build has none of these words.</summary>
    public static BenchCase? Find(string requestLine) =>
        new[] { "gemm", "conv", "ops", "blocks" }.SelectMany(Of).FirstOrDefault(one => one.RequestLine == requestLine);

    /// <summary>Medians over rounds that alternate with the peer's.</summary>
    /// <param name="limits">What the rates are held against; null where nobody knows.</param>
    /// <param name="budget">Each case may take an equal part of what is left; when nothing is, the others are left out.</param>
    /// <param name="library">This program with the maker's library in the place of our product.</param>
    public static List<CaseFigures> Run(IReadOnlyList<BenchCase> cases, MachineLimits? limits, TimeBudget budget, Peer? peer, Peer? library = null)
    {
        var results = new List<CaseFigures>();
        foreach (var one in cases)
        {
            if (results.Count > 0 && budget.IsOver)
                break;
            var share = budget.Part(cases.Count - results.Count);
            using var prepared = new PreparedCase(one);
            var ours = new List<double>();
            List<double> theirs = [], makers = [];
            for (int round = 0; round < Rounds && (round == 0 || !share.IsOver); round++)
            {
                ours.Add(prepared.Round());
                foreach (var (other, times) in new[] { (peer, theirs), (library, makers) })
                    if (other is not null)
                        times.Add(other.Ask(one.RequestLine).GetProperty("seconds").GetDouble());
            }
            double seconds = Median(ours);
            double? rate = one.Operations > 0 ? one.Operations / seconds / 1e9 : null;
            results.Add(CaseFigures.Of(one.Name, seconds, peer is null ? null : Median(theirs)) with
            {
                LibrarySeconds = library is null ? null : Median(makers),
                Rate = rate,
                Unit = one.Unit,
                OfLimit = rate / (one.Unit == "GB/s" ? limits?.BandwidthGbS : limits?.PeakGflops),
                AllocatedBytes = prepared.AllocatedBytes(),
                Repetitions = ours.Count,
            });
        }
        return results;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
