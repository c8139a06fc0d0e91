using Course.Session.Host;

namespace Course.Session.Tests;

public sealed class HiddenCachesTests
{
    private const string Described = "/sys/devices/system/cpu/cpu0/cache/index0";

    [Fact]
    public void Here_OnAnX86Linux_AgreesWithWhatTheSystemSaysOfTheCaches()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.Intrinsics.X86.X86Base.IsSupported, "only Linux on x86 describes the caches in /sys, from CPUID");
        Assert.Equal(!Directory.Exists(Described), HiddenCaches.Here);
    }

    [Fact]
    public void Protect_KeepsWhatTheUserSet()
    {
        var environment = new Dictionary<string, string?> { [HiddenCaches.Variable] = "AVX2" };
        HiddenCaches.Protect(environment);
        Assert.Equal("AVX2", environment[HiddenCaches.Variable]);
    }

    [Fact]
    public void Protect_SetsTheVariableOnlyWhereCachesAreHidden()
    {
        var environment = new Dictionary<string, string?>();
        HiddenCaches.Protect(environment);
        Assert.Equal(HiddenCaches.Here ? HiddenCaches.Setting : null, environment.GetValueOrDefault(HiddenCaches.Variable));
    }
}
