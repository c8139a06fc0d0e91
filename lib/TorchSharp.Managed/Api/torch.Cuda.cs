namespace TorchSharp;

public static partial class torch
{
    /// <summary>NVIDIA's devices, as far as they are found.</summary>
    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        /// <summary>False: the kernels are this engine's own.</summary>
        public static bool is_cudnn_available() => false;

        public static int device_count() => DevicePlaces.Of(DeviceType.CUDA).Count;

        /// <summary>Starts the stream of the current device anew, which is the first.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available())
                DevicePlaces.Of(DeviceType.CUDA)[0].Stream.Seed((ulong)seed);
        }

        public static void manual_seed_all(long seed)
        {
            foreach (var one in DevicePlaces.Of(DeviceType.CUDA))
                one.Stream.Seed((ulong)seed);
        }

        /// <summary>Waits until the device (given none: every one) has done what it was asked.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">Something failed there, or an index was out of range, since a value was last read.</exception>
        public static void synchronize(Device? device = null)
        {
            if (device is not null)
                (Place.Of(device) as DevicePlace)?.Synchronize();
            else
                foreach (var one in DevicePlaces.Of(DeviceType.CUDA))
                    one.Synchronize();
        }
    }
}
