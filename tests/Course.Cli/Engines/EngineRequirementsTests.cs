using System.IO.Compression;
using Course.Cli.Engines;

namespace Course.Cli.Tests.Engines;

/// <summary>Machines that are not at hand, by their recorded facts.</summary>
public sealed class EngineRequirementsTests : IDisposable
{
    private static readonly PlatformFacts Debian12 = new("linux", "x64", "/lib/x86_64-linux-gnu/libstdc++.so.6", new Version(3, 4, 30));
    private static readonly PlatformFacts Debian13 = Debian12 with { NewestGlibcxx = new Version(3, 4, 33) };

    private readonly string _folder = Directory.CreateTempSubdirectory("course-packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> WhatLoads => new()
    {
        { "managed", "windows arm64" }, { "managed", "debian 12" }, { "torchsharp-cpu", "debian 13" }, { "torchsharp-cpu", "macos arm64" },
        { "torchsharp-cuda", "driver 525.60.13" }, { "torchsharp-cuda", "driver 570.86.15" },
    };

    [Theory]
    [MemberData(nameof(WhatLoads))]
    public void EngineThatCanLoad_HasNoComplaint(string engine, string machine) => Assert.Null(EngineRequirements.Complaint(engine, Machine(machine)));

    [Theory]
    [InlineData("torchsharp-cpu", "debian 12", "/lib/x86_64-linux-gnu/libstdc++.so.6 ends at GLIBCXX_3.4.30")]
    [InlineData("torchsharp-cpu", "alpine", "the loader finds none")]
    [InlineData("torchsharp-cpu", "windows x64", "issues/1567")]
    [InlineData("torchsharp-cpu", "windows arm64", "issues/1567")]
    [InlineData("torchsharp-cpu", "macos x64", "has no libtorch for macos x64")]
    [InlineData("torchsharp-cpu", "linux arm64", "has no libtorch for linux arm64")]
    [InlineData("torchsharp-cuda", "debian 12", "ends at GLIBCXX_3.4.30")]
    [InlineData("torchsharp-cuda", "debian 13", "needs an NVIDIA driver, 525 or newer")]
    [InlineData("torchsharp-cuda", "driver 470.82.1", "here is 470.82.1")]
    [InlineData("torchsharp-cuda", "windows x64", "Linux x64 only")]
    public void EngineThatCannotLoad_SaysWhatIsMissing_AndWhatToDo(string engine, string machine, string expected)
    {
        string complaint = Assert.IsType<string>(EngineRequirements.Complaint(engine, Machine(machine)));
        Assert.Contains(expected, complaint);
        Assert.Contains("--engine managed", complaint);
        // One more line says where to see all of it.
        Assert.InRange(complaint.Split('\n').Length, 2, 4);
    }

    [Fact]
    public void Loader_TakesTheLibraryOfItsArchitecture()
    {
        const string Cache = "\tlibstdc++.so.6 (libc6,i386) => /lib/i386/libstdc++.so.6\n\tlibstdc++.so.6 (libc6,x86-64) => /lib/x64/libstdc++.so.6\n";
        Assert.Equal("/lib/x64/libstdc++.so.6", ThisPlatform.InCache(Cache, "x64"));
        Assert.Null(ThisPlatform.InCache(Cache, "arm64"));
    }

    [Fact]
    public void NewestVersion_IsComparedByNumber() =>
        Assert.Equal(new Version(3, 4, 30), ThisPlatform.NewestGlibcxxIn("GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_3.4\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0"));

    [Fact]
    public void Driver_IsReadFromTheKernelModulesLine() =>
        Assert.Equal(new Version(570, 86, 15), ThisPlatform.DriverIn("NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu Jan  2 2025\nGCC version:  gcc version 12.2.0"));

    [Fact]
    public void PackageRestoredByHalves_IsNamedWithTheCommandThatDeletesIt()
    {
        string package = Package("libtorch-cpu-linux-x64", "2.10.0");
        string native = Path.Combine(package, "runtimes", "linux-x64", "native", "libtorch_cpu.so");
        Assert.Null(EnginePreflight.BrokenPackage("torchsharp-cpu", _folder, "linux-x64"));
        File.WriteAllText(native, "12345");
        string cut = Assert.IsType<string>(EnginePreflight.BrokenPackage("torchsharp-cpu", _folder, "linux-x64"));
        Assert.Contains("libtorch_cpu.so has 5 of 10 bytes", cut);
        Assert.Contains(PackageCache.Remove(package), cut);
        File.Delete(native);
        Assert.Contains("libtorch_cpu.so is missing", EnginePreflight.BrokenPackage("torchsharp-cpu", _folder, "linux-x64"));
    }

    [Fact]
    public void LoadersTrace_IsCutToItsFirstSentence() =>
        Assert.Equal("This application uses TorchSharp but doesn't contain a reference to libtorch.", EngineProbe.FirstSentence("This application uses TorchSharp but doesn't contain a reference to libtorch. Trace from LoadNativeBackend:\nStep 1 - …"));

    private string Package(string name, string version)
    {
        string package = Path.Combine(_folder, name, version);
        string native = Path.Combine(package, "runtimes", "linux-x64", "native");
        Directory.CreateDirectory(native);
        File.WriteAllText(Path.Combine(native, "libtorch_cpu.so"), "1234567890");
        File.WriteAllText(Path.Combine(package, ".nupkg.metadata"), "{}");
        using var zip = ZipFile.Open(Path.Combine(package, $"{name}.{version}.nupkg"), ZipArchiveMode.Create);
        zip.CreateEntryFromFile(Path.Combine(native, "libtorch_cpu.so"), "runtimes/linux-x64/native/libtorch_cpu.so");
        return package;
    }

    private static PlatformFacts Machine(string name) => name.Split(' ') switch
    {
        ["debian", "12"] => Debian12,
        ["debian", "13"] => Debian13,
        ["alpine"] => new("linux", "x64"),
        ["driver", var version] => Debian13 with { NvidiaDriver = Version.Parse(version) },
        [var system, var architecture] => new(system, architecture),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such machine"),
    };
}
