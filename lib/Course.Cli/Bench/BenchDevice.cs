using TorchSharp;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary>Where a bench computes: the default device, so what is made without naming one lies there.</summary>
internal static class BenchDevice
{
    public const string Cpu = "cpu", Cuda = "cuda";

    private static readonly (string Name, DeviceType Type)[] Known = [(Cpu, DeviceType.CPU), (Cuda, DeviceType.CUDA), ("opencl", DeviceType.OPENCL)];

    public static string[] Names => [.. Known.Select(one => one.Name)];

    /// <exception cref="UnavailableException">There is no such device; says why and which there are.</exception>
    public static void Use(string name)
    {
        var type = Known.First(one => one.Name == name).Type;
        try
        {
            var device = new Device(type, type == DeviceType.CPU ? -1 : 0);
            InitializeDevice(device);
            set_default_device(device);
        }
        catch (InvalidOperationException e)
        {
            throw new UnavailableException($"--device {name}: {e.Message} There are: {string.Join(", ", Known.Where(one => IsThere(one.Type)).Select(one => one.Name))}.");
        }
    }

    /// <summary>Waits until what was asked of it is done; the CPU is done when a call returns.</summary>
    public static void Settle()
    {
        var device = get_default_device();
        if (device.type != DeviceType.CPU)
            cuda.synchronize(device);
    }

    private static bool IsThere(DeviceType type)
    {
        try
        {
            return TryInitializeDeviceType(type);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
