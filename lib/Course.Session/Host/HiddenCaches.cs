using System.Runtime.Intrinsics.X86;

namespace Course.Session.Host;

/// <summary>
/// Some virtual machines hide the processor's caches: CPUID describes none. oneDNN, with which libtorch convolves, then takes
/// their size for zero, and its AVX kernels compute wrong values (seen with oneDNN 3.7.1 of libtorch 2.10 on a Zen 5); those for
/// SSE4.1 are right, and slower. Programs that load libtorch on such a machine are held to these.
/// </summary>
public static class HiddenCaches
{
    /// <summary>oneDNN reads it when it is first used.</summary>
    public const string Variable = "ONEDNN_MAX_CPU_ISA";

    public const string Setting = "SSE41";

    /// <summary>Whatever the processor has.</summary>
    public const string Full = "DEFAULT";

    /// <summary>Whether this machine hides them.</summary>
    public static bool Here { get; } = X86Base.IsSupported && IsEmpty(4) && IsEmpty(0x8000001D);

    /// <summary>Sets the variable for a program to be started, unless it is set already.</summary>
    public static void Protect(IDictionary<string, string?> environment)
    {
        if (Here)
            environment.TryAdd(Variable, Setting);
    }

    /// <summary>Whether CPUID's leaf describes no cache: the type of its first one, in the lowest five bits, is 0.</summary>
    private static bool IsEmpty(uint leaf)
    {
        uint highest = (uint)X86Base.CpuId((int)(leaf & 0x80000000), 0).Eax;
        return highest < leaf || (X86Base.CpuId((int)leaf, 0).Eax & 31) == 0;
    }
}
