namespace TorchSharp;

public static partial class torch
{
    /// <summary>This engine computes on the CPU; the questions that portable programs ask have honest answers.</summary>
    public static class cuda
    {
        public static bool is_available() => false;

        public static bool is_cudnn_available() => false;

        public static int device_count() => 0;

        // Seeds and waits for all devices, of which there are none.
        public static void manual_seed(long seed) { }

        public static void manual_seed_all(long seed) { }

        public static void synchronize(Device? device = null) { }
    }
}
