namespace Course.Cli.Engines;

/// <summary>Whether an engine can load on a machine, decided from facts alone. Messages have at most four lines.</summary>
internal static class EngineRequirements
{
    public const string Managed = "managed", Cpu = "torchsharp-cpu", Cuda = "torchsharp-cuda";

    public static readonly string[] Engines = [Managed, Cpu, Cuda];

    /// <summary>libLibTorchSharp.so of TorchSharp 0.107.0 is linked against the libstdc++ of GCC 13.</summary>
    public static readonly Version Glibcxx = new(3, 4, 32);

    /// <summary>
    /// libtorch 2.10 is built with CUDA 12.8, whose own driver is 570; by CUDA's minor version compatibility every driver from the
    /// first of CUDA 12 on loads it (docs.nvidia.com/deploy/cuda-compatibility, table 1). That one is required, the other advised.
    /// </summary>
    public static readonly Version Driver = new(525, 60, 13), AdvisedDriver = new(570, 26);

    private const string Instead = "Or use --engine managed, which needs nothing.";

    /// <summary>What an engine downloads, in words.</summary>
    public static string Download(string engine) => engine switch
    {
        Cpu => "TorchSharp-cpu 0.107.0, 268 MB (1.3 GB unpacked)",
        Cuda => "TorchSharp 0.107.0 and TorchSharp-cuda-linux 0.107.0, about 3 GB",
        _ => "nothing",
    };

    /// <summary>The NuGet packages whose native libraries an engine loads, in lower case as in the cache of packages.</summary>
    /// <param name="platform">Such as linux-x64.</param>
    public static string[] NativePackages(string engine, string platform) => engine switch
    {
        Cpu => ["torchsharp", $"libtorch-cpu-{platform}"],
        Cuda => ["torchsharp", "libtorch-cuda-12.8-linux-x64"],
        _ => [],
    };

    /// <summary>Why an engine cannot load, where, and what to do; null when nothing speaks against it.</summary>
    public static string? Complaint(string engine, PlatformFacts facts) => engine switch
    {
        Managed => null,
        Cuda when (facts.System, facts.Architecture) != ("linux", "x64") => $"""
            engine {engine} has packages for Linux x64 only; this is {facts.System} {facts.Architecture}.
            Run it there (the devcontainer *NVIDIA GPU* is such a system).
            {Instead}
            """,
        _ when facts.System == "windows" => $"""
            engine {engine} cannot load on Windows: LibTorchSharp.dll of TorchSharp 0.107.0 does not fit libtorch 2.10.0.
            See https://github.com/dotnet/TorchSharp/issues/1567. In WSL with Ubuntu 24.04, or in the devcontainer, it loads.
            {Instead}
            """,
        _ when (facts.System, facts.Architecture) is not (("linux", "x64") or ("macos", "arm64")) => $"""
            engine {engine} has no libtorch for {facts.System} {facts.Architecture}: libtorch-cpu 2.10.0 has linux-x64, osx-arm64 and win-x64.
            Run it on one of the first two.
            {Instead}
            """,
        _ when facts.System == "linux" && StdCxx(engine, facts) is { } complaint => complaint,
        Cuda when facts.NvidiaDriver is null => $"""
            engine {engine} needs an NVIDIA driver, {Driver.Major} or newer; neither /proc/driver/nvidia/version nor nvidia-smi tells of one.
            Install the driver (in a container: pass the GPU with --gpus all), or use --engine {Cpu}.
            {Instead}
            """,
        Cuda when facts.NvidiaDriver < Driver => $"""
            engine {engine} needs an NVIDIA driver of CUDA 12, {Driver} or newer; here is {facts.NvidiaDriver}.
            Update the driver ({AdvisedDriver.Major} or newer is the one of CUDA 12.8), or use --engine {Cpu}.
            {Instead}
            """,
        _ => null,
    };

    private static string? StdCxx(string engine, PlatformFacts facts) => facts switch
    {
        { StdCxx: null } => $"""
            engine {engine} needs libstdc++.so.6 with GLIBCXX_{Glibcxx}; the loader finds none here.
            Install it (Debian, Ubuntu: apt-get install libstdc++6); systems with musl, such as Alpine, cannot load libtorch.
            {Instead}
            """,
        { NewestGlibcxx: var newest } when newest is null || newest < Glibcxx => $"""
            engine {engine} needs libstdc++ with GLIBCXX_{Glibcxx} (GCC 13); {facts.StdCxx} ends at {(newest is null ? "no version" : $"GLIBCXX_{newest}")}.
            Ubuntu 24.04, Debian 13 and newer have it, and so has the devcontainer; `.ci/debian13 COMMAND` runs a command in a Debian 13 root.
            {Instead}
            """,
        _ => null,
    };
}
