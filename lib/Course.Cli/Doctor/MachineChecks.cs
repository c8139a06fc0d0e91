using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Course.Cli.Engines;
using Course.Cli.Recording;
using Course.Cli.Running;
using Course.Session.Host;
using TorchSharp;

namespace Course.Cli.Doctor;

/// <summary>SDK, native libraries, graphics card, disk, memory, folders.</summary>
internal static class MachineChecks
{
    private const double EnoughMemory = 4e9;

    public static Finding Sdk(string repository)
    {
        string wanted = JsonNode.Parse(File.ReadAllText(Path.Combine(repository, "global.json")))!["sdk"]!["version"]!.ToString();
        return CommandOutput.FirstLine(EngineBuild.DotNet, ["--version"], repository) is { } version
            ? Finding.Ok(".NET SDK", $"{version} (global.json asks for {wanted} or a later feature band)")
            : Finding.Missing(".NET SDK", $"none that suits global.json, which asks for {wanted} or a later feature band", "install the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0");
    }

    public static Finding StdCxx(string engine, PlatformFacts facts)
    {
        string found = facts.System != "linux" ? $"not used on {facts.System}" : facts.StdCxx is null ? "none found" : $"{facts.StdCxx} up to GLIBCXX_{facts.NewestGlibcxx}";
        if (facts.System != "linux" || facts.NewestGlibcxx >= EngineRequirements.Glibcxx)
            return Finding.Ok("libstdc++", found);
        found += $"; the TorchSharp engines need GLIBCXX_{EngineRequirements.Glibcxx}";
        const string Cure = "use Ubuntu 24.04, Debian 13 or the devcontainer; or .ci/debian13 COMMAND";
        return engine == EngineRequirements.Managed ? Finding.Optional("libstdc++", found, Cure) : Finding.Missing("libstdc++", found, Cure);
    }

    /// <summary>Whether oneDNN inside libtorch must be held to kernels that compute right here.</summary>
    public static Finding Caches(string engine)
    {
        const string Name = "processor's caches";
        return !HiddenCaches.Here ? Finding.Ok(Name, "described by CPUID")
            : engine == EngineRequirements.Managed ? Finding.Ok(Name, "hidden by this virtual machine; engine managed does not mind")
            : Finding.Optional(Name, "hidden by this virtual machine: libtorch's faster convolutions compute wrong values; sessions hold it to SSE4.1, which is slower",
                $"export {HiddenCaches.Variable}={HiddenCaches.Setting} for programs of your own");
    }

    public static Finding Gpu(string engine, PlatformFacts facts)
    {
        const string Name = "GPU and driver";
        string found = facts.NvidiaDriver is { } driver ? $"NVIDIA driver {driver}" : "no NVIDIA driver";
        if (engine == EngineRequirements.Managed && NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _))
            return ManagedGpu(Name);
        if (engine != EngineRequirements.Cuda)
            return Finding.Ok(Name, $"{found}; engine {engine} uses the CPU");
        string cure = $"install the NVIDIA driver, {EngineRequirements.AdvisedDriver.Major} or newer; in a container pass the GPU: --gpus all";
        return facts.NvidiaDriver is null || facts.NvidiaDriver < EngineRequirements.Driver ? Finding.Missing(Name, $"{found}; needs {EngineRequirements.Driver} or newer", cure)
            : facts.NvidiaDriver < EngineRequirements.AdvisedDriver ? Finding.Optional(Name, $"{found}: older than CUDA 12.8's own, works by minor version compatibility", cure)
            : Finding.Ok(Name, found);
    }

    /// <summary>What the managed engine says of a driver that is there.</summary>
    private static Finding ManagedGpu(string name)
    {
        var device = new torch.Device(DeviceType.CUDA, 0);
        try
        {
            torch.InitializeDevice(device);
            return Finding.Ok(name, $"{Course.Run.Describe(device)}; engine managed computes there when it is asked to: --device cuda");
        }
        catch (InvalidOperationException e)
        {
            return Finding.Optional(name, e.Message, "do what that says, and look with nvidia-smi; engine managed computes on the CPU meanwhile");
        }
    }

    public static Finding Disk(string engine, string repository)
    {
        double needed = engine switch { EngineRequirements.Cuda => 15e9, EngineRequirements.Cpu => 4e9, _ => 2e9 };
        double free = new DriveInfo(repository).AvailableFreeSpace;
        string found = $"{ThisPlatform.Gigabytes(free)} free in {repository}; engine {engine} wants {ThisPlatform.Gigabytes(needed)}";
        return free >= needed ? Finding.Ok("free disk", found) : Finding.Optional("free disk", found, "dotnet nuget locals http-cache --clear, and delete artifacts/run");
    }

    public static Finding Memory()
    {
        var memory = GC.GetGCMemoryInfo();
        double free = Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
        string found = $"{ThisPlatform.Gigabytes(free)} of {ThisPlatform.Gigabytes(memory.TotalAvailableMemoryBytes)} free";
        return free >= EnoughMemory ? Finding.Ok("memory", found) : Finding.Optional("memory", $"{found}; two notebooks at a time want {ThisPlatform.Gigabytes(EnoughMemory)}", "dotnet run --project lib/Course.Cli -- run --jobs 1");
    }

    /// <summary>Whether files can be made in a folder.</summary>
    public static Finding Writable(string what, string folder, string cure)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Finding.Ok($"write: {what}", folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Missing($"write: {what}", $"{folder} cannot be written: {e.Message}", cure);
        }
    }
}
