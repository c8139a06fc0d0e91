using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Where tensors lie, and what computes on them there. A storage has its place from birth; an operation asks the place of its operands and
/// never names one.
/// </summary>
internal abstract class Place
{
    /// <summary>The memory of the process, with the CPU.</summary>
    internal static readonly Place Host = new HostPlace();

    /// <summary>Shapes and types without elements.</summary>
    internal static readonly Place Meta = new MetaPlace();

    /// <summary>Where factories make tensors that are told no device.</summary>
    internal static Place Default { get; set; } = Host;

    internal abstract Device Device { get; }

    /// <summary>What computes there; nothing on meta.</summary>
    internal IBackend Backend { get; private protected init; } = null!;

    /// <summary>A storage with one reference; its content is arbitrary.</summary>
    /// <param name="layout">Of the tensor that it is for, which a message names.</param>
    internal abstract Storage Allocate(long bytes, Layout layout, ScalarType type);

    /// <summary>The place that a device names.</summary>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    internal static Place Of(Device? device) => device is null ? Default : device.type switch
    {
        DeviceType.CPU => Host,
        DeviceType.META => Meta,
        _ => DevicePlaces.Find(device),
    };

    private sealed class HostPlace : Place
    {
        internal HostPlace() => Backend = new SinglePrecision(new Cpu.CpuBackend(), Room.Host);

        internal override Device Device => CPU;

        internal override Storage Allocate(long bytes, Layout layout, ScalarType type) => Storage.Allocate(bytes);
    }

    private sealed class MetaPlace : Place
    {
        internal override Device Device => META;

        internal override Storage Allocate(long bytes, Layout layout, ScalarType type) => Storage.Meta(bytes);
    }
}
