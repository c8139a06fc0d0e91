using TorchSharp.Gpu;
using TorchSharp.Managed.Tests.Golden;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Devices;

public sealed class FallbackListTests : IDisposable
{
    public FallbackListTests() => DevicePlaces.Install(DeviceType.CUDA, DevicePlaces.Devices(GpuKind.Emulated, DeviceType.CUDA));

    public void Dispose()
    {
        set_default_device(CPU);
        DevicePlaces.Install(DeviceType.CUDA, null);
    }

    /// <summary>The smallest case of each operation of the golden suite, with its gradients, on the emulated device.</summary>
    [Fact]
    public void WhatTheCpuDoesForADevice_IsWhatTheListSays()
    {
        set_default_device(CUDA);
        Fallbacks.Clear();
        foreach (var item in GoldenTests.groups.SelectMany(GoldenCase.Load).GroupBy(item => item.Op).Select(cases => cases.MinBy(item => item.Inputs().Sum(input => input.numel()))!))
        {
            using var scope = NewDisposeScope();
            _ = GoldenRunner.Evaluate(item);
        }
        string[] listed = [.. File.ReadLines(Path.Combine(Repository.Root, "lib", "TorchSharp.Managed", "Devices", "Fallbacks.md"))
            .Where(line => line.StartsWith("- `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
        string[] found = [.. Fallbacks.Counts.Keys];
        Assert.True(found.ToHashSet().SetEquals(listed),
            $"Devices/Fallbacks.md lacks:\n{string.Join('\n', found.Except(listed).Order())}\nand lists what has a kernel now:\n{string.Join('\n', listed.Except(found).Order())}");
    }
}
