using System.Runtime.Intrinsics.X86;

namespace Course;

/// <summary>Instructions that whole-number products are computed with; every path gives the same numbers.</summary>
public enum Int8Path
{
    /// <summary>Plain C#: runs everywhere, and is what the others are tested against.</summary>
    Scalar,

    /// <summary>32 products in three instructions (VPMADDUBSW, VPMADDWD, VPADDD).</summary>
    Avx2,

    /// <summary>32 products in one instruction (VPDPBUSD).</summary>
    AvxVnni,

    /// <summary>64 products in three instructions.</summary>
    Avx512,
}

/// <summary>Which paths this processor has.</summary>
public static class Int8Paths
{
    /// <summary>The paths that run here, the slowest first.</summary>
    public static IReadOnlyList<Int8Path> Supported { get; } = [.. Enum.GetValues<Int8Path>().Where(IsSupported)];

    /// <summary>The fastest of them.</summary>
    public static Int8Path Best => Supported[^1];

    private static bool IsSupported(Int8Path path) => path switch
    {
        Int8Path.Avx2 => Avx2.IsSupported,
        Int8Path.AvxVnni => AvxVnni.IsSupported,
        Int8Path.Avx512 => Avx512BW.IsSupported,
        _ => true,
    };
}
