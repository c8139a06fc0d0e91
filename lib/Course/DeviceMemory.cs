using TorchSharp;

namespace Course;

/// <summary>What a device's memory holds. TorchSharp has no such numbers; the managed engine counts them on a GPU.</summary>
/// <param name="Allocated">Bytes that tensors have, in whole blocks.</param>
/// <param name="Held">Bytes taken from the driver: those of tensors, and those kept for the next ones.</param>
/// <param name="Peak">The most bytes that tensors had at a time.</param>
public sealed record DeviceMemory(long Allocated, long Held, long Peak)
{
    /// <summary>The present numbers; null where nobody counts: on the CPU, and with libtorch.</summary>
    public static DeviceMemory? Of(torch.Device device) =>
        Run.AskEngine("MemoryUse", device) is (long allocated, long held, long peak) ? new(allocated, held, peak) : null;

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{Allocated / 1048576.0:0.0} MiB in tensors, {Peak / 1048576.0:0.0} MiB at most, {Held / 1048576.0:0.0} MiB held");
}
