using TorchSharp.Managed.Tests.Golden;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Devices;

/// <summary>
/// The whole golden suite on the device that COURSE_GPU names; with COURSE_GPU_EVERY=40 every fortieth case, for a device with no GPU behind
/// it. A test of a step is in EmulatedDeviceTests; this one takes minutes.
/// </summary>
public sealed class DeviceGoldenTests : IDisposable
{
    private static readonly string Chosen = Environment.GetEnvironmentVariable("COURSE_GPU") ?? "";
    private static readonly int Every = int.TryParse(Environment.GetEnvironmentVariable("COURSE_GPU_EVERY"), out int every) && every > 0 ? every : 1;

    public static TheoryData<string> Groups => GoldenTests.Groups;

    public void Dispose() => set_default_device(CPU);

    [Theory, MemberData(nameof(Groups))]
    public void Results_OfEveryCase_EqualLibtorchsOnTheDevice(string group)
    {
        set_default_device(Device());
        // A device draws from its own stream.
        List<GoldenCase> cases = [.. GoldenCase.Load(group).Where(item => !GoldenRunner.Draws(item)).Where((_, i) => i % Every == 0)];
        List<string> failures = [.. cases.Select(GoldenRunner.Check).OfType<string>()];
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Count} cases differ:\n" + string.Join('\n', failures.Take(40)));
    }

    /// <summary>Every operation against central differences of what the device computes.</summary>
    [Theory, MemberData(nameof(Groups))]
    public void Gradients_OnTheDevice_EqualCentralDifferences(string group)
    {
        var device = Device();
        GoldenGradientTests.Check(GoldenGradientTests.Small(group).Where(item => !GoldenRunner.Draws(item)).Where((_, i) => i % Every == 0), (f, inputs) => GradientCheck.First(2, f, inputs), device);
    }

    private static Device Device()
    {
        Assert.SkipUnless(Chosen is "cuda" or "opencl", "COURSE_GPU names no device for it: cuda or opencl");
        return new Device(Chosen == "cuda" ? DeviceType.CUDA : DeviceType.OPENCL, 0);
    }
}
