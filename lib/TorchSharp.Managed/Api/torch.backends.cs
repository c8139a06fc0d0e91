namespace TorchSharp;

/// <summary>How exact products of Float32 matrices are. This engine always computes them in Float32.</summary>
public enum Float32MatmulPrecision
{
    highest,
    high,
    medium,
}

public static partial class torch
{
    /// <summary>The version of libtorch whose results this engine gives.</summary>
    public static string __version__ => "2.10.0.0";

    /// <summary>Settings of CUDA's libraries: kept for programs that set them, and without effect on the CPU.</summary>
    public static class backends
    {
        public static class cuda
        {
            private static bool _flash = true, _math = true;

            public static bool flash_sdp_enabled() => _flash;

            public static void enable_flash_sdp(bool enable) => _flash = enable;

            public static bool math_sdp_enabled() => _math;

            public static void enable_math_sdp(bool enable) => _math = enable;

            public static class matmul
            {
                public static bool allow_tf32 { get; set; }

                public static bool allow_fp16_reduced_precision_reduction { get; set; } = true;
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32 { get; set; } = true;
        }
    }
}
