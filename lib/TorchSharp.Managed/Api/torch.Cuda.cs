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

        // Random numbers for a device are drawn from the CPU's stream: the same seed gives the same numbers on every device.
        public static void manual_seed(long seed) => Generator.Default.manual_seed(seed);

        public static void manual_seed_all(long seed) => manual_seed(seed);

        /// <summary>Waits until the device (given none: every one) has done what it was asked.</summary>
        public static void synchronize(Device? device = null)
        {
            if (device is not null) (Place.Of(device) as DevicePlace)?.Synchronize();
            else
                foreach (var one in DevicePlaces.Of(DeviceType.CUDA)) one.Synchronize();
        }
    }
}
