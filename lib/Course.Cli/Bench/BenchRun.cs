using Course.Cli.Recording;
using Course.Cli.Running;

namespace Course.Cli.Bench;

/// <summary>One case's times on both sides.</summary>
/// <param name="Ratio">Ours over the peer's: below 1 ours is the faster one.</param>
internal sealed record CaseFigures(string Name, double Seconds, double? PeerSeconds, double? Ratio)
{
    /// <summary>Of the maker's library in the place of our product, where the device has one (<see cref="LibraryPeer"/>).</summary>
    public double? LibrarySeconds { get; init; }

    public double? Rate { get; init; }

    /// <summary>Of <see cref="Rate"/>.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The rate as a fraction of what one core can do: of its multiply-adds for GFLOP/s, of its memory bandwidth for GB/s (more than 1 where a cache holds the data).</summary>
    public double? OfLimit { get; init; }

    /// <summary>Managed memory that one run allocates: tensor objects, no data.</summary>
    public double? AllocatedBytes { get; init; }

    /// <summary>How many times <see cref="Seconds"/> is the median of; a slow device has few.</summary>
    public int? Repetitions { get; init; }

    public static CaseFigures Of(string name, double seconds, double? peerSeconds) => new(name, seconds, peerSeconds, seconds / peerSeconds);
}

/// <summary>What training says besides its time.</summary>
/// <param name="PeakMb">The most memory that the process ever held, in MiB.</param>
internal sealed record TrainResult(double FinalLoss, double Accuracy, double PeakMb);

/// <summary>One kind of figures with what they were measured with; what <c>--json</c> prints and <c>--record</c> keeps.</summary>
/// <param name="What">train, infer, gemm, conv, ops or blocks.</param>
/// <param name="Threads">Of each side.</param>
/// <param name="Engine">Name and version of what this program was built with.</param>
/// <param name="Peer">Name and version of the other side.</param>
internal sealed record BenchRun(string What, int Threads, DateOnly Date, Machine Machine, string Engine, string? Peer, IReadOnlyList<CaseFigures> Cases)
{
    /// <summary>Where both sides computed: <c>cpu</c>, or a GPU with its name, driver and memory.</summary>
    public string Device { get; init; } = BenchDevice.Cpu;

    /// <summary>What the figures of <c>gemm</c>, <c>conv</c>, <c>ops</c> and <c>blocks</c> are held against; of a GPU nothing is known.</summary>
    public MachineLimits? Limits { get; init; }

    /// <summary>The cases for which no time was left.</summary>
    public IReadOnlyList<string>? LeftOut { get; init; }

    /// <summary>Whose products stand beside ours on an NVIDIA GPU: cuBLAS, and why not where it is not installed.</summary>
    public string? Library { get; init; }

    public TrainResult? Result { get; init; }

    public TrainResult? PeerResult { get; init; }

    public static BenchRun Of(string what, int threads, Peer? peer, IReadOnlyList<CaseFigures> cases) =>
        new(what, threads, DateOnly.FromDateTime(DateTime.UtcNow), Machine.This(), BuiltEngine.Version, peer?.Version, cases) { Device = Course.Run.Describe(TorchSharp.torch.get_default_device()) };
}
