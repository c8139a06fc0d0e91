using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using TorchSharp.Gpu;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>Every kernel can be compiled for CUDA: that needs no GPU, and shows a function that PTX lacks.</summary>
public sealed class PtxTests
{
    /// <summary>What kernels are made of; where a kernel takes one of these, it is compiled with each that there is.</summary>
    private static readonly Type[] Parts =
    [
        typeof(IUnary), typeof(IWideUnary), typeof(IIntegerUnary), typeof(IBinary), typeof(IIntegerBinary), typeof(ILogicBinary), typeof(IElement<,>), typeof(IFold<>), typeof(IKey<>), typeof(IAdder<>), typeof(IPlaces), typeof(ISource<>), typeof(ITarget<>), typeof(ITile),
    ];

    /// <summary>Volta, Ampere and Hopper, each with the first instructions that know it.</summary>
    [Theory, InlineData(7, 0, 7, 0), InlineData(8, 0, 7, 0), InlineData(9, 0, 7, 8)]
    public void EveryKernel_CompilesToPtx(int major, int minor, int majorOfSet, int minorOfSet)
    {
        var failures = new List<string>();
        int compiled = 0;
        foreach (var (kernel, assembly, failure) in Compile(new CudaArchitecture(major, minor), new CudaInstructionSet(majorOfSet, minorOfSet)))
        {
            if (failure is not null)
                failures.Add($"{kernel}: {failure}");
            else
                Assert.Contains(".entry", assembly, StringComparison.Ordinal);
            compiled++;
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(compiled > 600, $"only {compiled} kernels");
    }

    [Fact]
    public void KernelsThatFoldByGroups_FoldByWarps()
    {
        var kernels = Compile(CudaArchitecture.SM_80, CudaInstructionSet.ISA_70).Where(item => item.Kernel.Name == nameof(FoldKernels.ByGroup)).ToList();
        Assert.NotEmpty(kernels);
        Assert.All(kernels, item => Assert.Contains("shfl.sync.bfly", item.Assembly, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryPartOfAKernel_IsInOneThatIsCompiled()
    {
        var used = PtxKernels.All.SelectMany(kernel => kernel.IsGenericMethod ? kernel.GetGenericArguments() : []).SelectMany(type => type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments()] : new[] { type }).ToHashSet();
        var forgotten = typeof(GpuDevice).Assembly.GetTypes().Where(type => type is { Namespace: "TorchSharp.Gpu", IsValueType: true } && type != typeof(Tile.Emulated)
            && type.GetInterfaces().Any(one => Parts.Contains(one.IsGenericType ? one.GetGenericTypeDefinition() : one)) && !used.Contains(type));
        Assert.Empty(forgotten);
    }

    /// <summary>NVIDIA's assembler does what a driver does when a kernel is first used; it comes with CUDA's toolkit (Debian: nvidia-cuda-toolkit).</summary>
    [Fact]
    public void EveryKernel_IsAssembled_WhereNvidiasAssemblerIsInstalled()
    {
        Assert.SkipUnless(Assemble(null) is null, "ptxas is not installed: CUDA's toolkit has it");
        var failures = new ConcurrentBag<string>();
        Parallel.ForEach(Compile(CudaArchitecture.SM_80, CudaInstructionSet.ISA_70).ToList(), item =>
        {
            if (item.Assembly is not null && Assemble(item.Assembly) is { } refusal)
                failures.Add($"{item.Kernel}: {refusal}");
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures));
    }

    private static IEnumerable<(MethodInfo Kernel, string? Assembly, string? Failure)> Compile(CudaArchitecture architecture, CudaInstructionSet instructions)
    {
        using var context = Context.Create(builder => GpuDevices.Register(builder.Optimize(OptimizationLevel.O2).GetIntrinsicManager()));
        using var backend = new PTXBackend(context, architecture, instructions, null!);
        foreach (var kernel in PtxKernels.All)
        {
            string? assembly = null, failure = null;
            try
            {
                var entry = kernel.GetParameters()[0].ParameterType == typeof(Index1D)
                    ? EntryPointDescription.FromImplicitlyGroupedKernel(kernel) : EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
                assembly = ((PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).PTXAssembly;
            }
            catch (Exception exception) when (exception is InternalCompilerException or NotSupportedException)
            {
                failure = exception.InnerException?.Message ?? exception.Message;
            }
            yield return (kernel, assembly, failure);
        }
    }

    /// <summary>What the assembler says against a text; null where it has nothing against it, or where there is no text and an assembler.</summary>
    private static string? Assemble(string? text)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            using var process = Process.Start(new ProcessStartInfo("ptxas", text is null ? ["--version"] : ["-arch=sm_80", "-v", file, "-o", $"{file}.cubin"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            string said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said + output.Result;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }
        finally
        {
            File.Delete(file);
            File.Delete($"{file}.cubin");
        }
    }
}
