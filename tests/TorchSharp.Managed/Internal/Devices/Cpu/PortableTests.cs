using System.Diagnostics;
using Course.Testing;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>The kernels on a machine that has less: the same tests in a process whose runtime may not use wide registers.</summary>
public sealed class PortableTests
{
    private const string Child = "COURSE_TEST_PORTABLE_CHILD";

    /// <summary>Without AVX2 registers have 128 bits, without AVX-512 all have 256.</summary>
    [Theory]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableAVX512")]
    public async Task Kernels_WithNarrowerRegisters_PassTheirTests(string variable)
    {
        if (Environment.GetEnvironmentVariable(Child) == "1")
            return;
        Today.SkipUnlessTurnOf(variable == "DOTNET_EnableAVX2" ? 0 : 1, 2);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(PortableTests).Assembly.Location);
        foreach (string type in new[] { nameof(CpuBackendTests), nameof(GemmTests), nameof(ConvolutionTests), nameof(PooledConvolutionTests), nameof(VectorMathTests), nameof(FusedKernelTests), nameof(MemoryBoundTests) })
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add($"{typeof(PortableTests).Namespace}.{type}");
        }
        start.Environment[variable] = "0";
        start.Environment[Child] = "1";
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The tests with {variable}=0 took longer than five minutes.\n{await output}");
        }
        Assert.True(process.ExitCode == 0, $"{variable}=0:\n{await output}\n{await errors}");
        Assert.Contains("Failed: 0", await output);
    }
}
