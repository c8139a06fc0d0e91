using System.Numerics;
using TorchSharp.Gpu;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Runs a call on the readable backend and on a device, with the same data, and compares what they wrote.</summary>
/// <remarks>COURSE_GPU chooses the device: emulated (the default, everywhere), opencl or cuda.</remarks>
internal static unsafe class OnDevice
{
    private static readonly IBackend Reference = new ReferenceBackend();

    internal static GpuKind Kind => Environment.GetEnvironmentVariable("COURSE_GPU") switch
    {
        "opencl" => GpuKind.OpenCL,
        "cuda" => GpuKind.Cuda,
        _ => GpuKind.Emulated,
    };

    internal static GpuDevice Device => GpuDevice.Available(Kind).FirstOrDefault() ?? throw new InvalidOperationException(GpuDevices.Of(Kind).WhyNone);

    /// <param name="arrays">Each is copied to the device, and what is there afterwards compared with what the reference left.</param>
    internal delegate void Call(IBackend backend, nint[] arrays);

    internal static void Same(string what, double tolerance, Call call, params Array[] arrays) => Same(Device, what, tolerance, call, arrays);

    internal static void Same(GpuDevice device, string what, double tolerance, Call call, params Array[] arrays) => Same(device, device.Backend, what, tolerance, call, arrays);

    internal static void Same(GpuDevice device, IBackend backend, string what, double tolerance, Call call, params Array[] arrays)
    {
        var pins = Array.ConvertAll(arrays, array => System.Runtime.InteropServices.GCHandle.Alloc(array, System.Runtime.InteropServices.GCHandleType.Pinned));
        long[] bytes = Array.ConvertAll(arrays, Buffer.ByteLength).Select(length => (long)length).ToArray();
        nint[] host = Array.ConvertAll(pins, pin => pin.AddrOfPinnedObject());
        // Guards beside the data: what is written there has been written to somebody else's memory.
        const int guard = 512;
        nint[] blocks = Array.ConvertAll(bytes, length => (nint)device.Memory.Allocate(length + guard, what)), addresses = blocks;
        try
        {
            for (int i = 0; i < arrays.Length; i++)
            {
                device.Memory.CopyToDevice((void*)host[i], (void*)addresses[i], bytes[i]);
                device.Backend.Fill(ScalarType.Byte, (void*)(addresses[i] + (nint)bytes[i]), 0x5A, guard);
            }
            call(backend, addresses);
            var actual = Array.ConvertAll(arrays, array => Array.CreateInstance(array.GetType().GetElementType()!, array.Length));
            byte[] guards = new byte[guard];
            for (int i = 0; i < arrays.Length; i++)
            {
                var pin = System.Runtime.InteropServices.GCHandle.Alloc(actual[i], System.Runtime.InteropServices.GCHandleType.Pinned);
                device.Memory.CopyToHost((void*)addresses[i], (void*)pin.AddrOfPinnedObject(), bytes[i]);
                pin.Free();
                fixed (byte* at = guards)
                    device.Memory.CopyToHost((void*)(addresses[i] + (nint)bytes[i]), at, guard);
                Assert.True(guards.All(value => value == 0x5A), $"{what}: written beyond array {i}");
            }
            call(Reference, host);
            for (int i = 0; i < arrays.Length; i++)
                Compare(what, i, arrays[i], actual[i], tolerance);
        }
        finally
        {
            for (int i = 0; i < arrays.Length; i++)
            {
                device.Memory.Free((void*)blocks[i], bytes[i] + guard);
                pins[i].Free();
            }
        }
    }

    private static void Compare(string what, int array, Array expected, Array actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double e = Convert.ToDouble(expected.GetValue(i)), a = Convert.ToDouble(actual.GetValue(i));
            bool same = double.IsNaN(e) ? double.IsNaN(a) : e == a || Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e));
            Assert.True(same, $"{what}, {expected.GetType().GetElementType()!.Name}: array {array} [{i}] is {a}, expected {e}");
        }
    }

    internal static T[] Random<T>(int seed, long count, double low = -3, double high = 3) where T : unmanaged, INumber<T>
    {
        var random = new System.Random(seed);
        var values = new T[count];
        for (long i = 0; i < count; i++)
            values[i] = T.CreateTruncating(low + random.NextDouble() * (high - low));
        return values;
    }

    internal static void* At(this nint[] arrays, int index) => (void*)arrays[index];
}
