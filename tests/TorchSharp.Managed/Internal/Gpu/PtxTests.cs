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
    private static readonly Type[] Holders = [typeof(PointwiseKernels), typeof(FoldKernels), typeof(RowKernels), typeof(PoolKernels), typeof(OptimKernels), typeof(ProductKernels), typeof(PatchKernels), typeof(OnePassKernels), typeof(IndexKernels), typeof(SortKernels), typeof(ScanKernels), typeof(RandomKernels)];

    private static IEnumerable<MethodInfo> Kernels(bool isDouble)
    {
        Type real = isDouble ? typeof(double) : typeof(float), element = isDouble ? typeof(Element.Float64) : typeof(Element.Float32);
        foreach (var method in Holders.SelectMany(holder => holder.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)).Where(method => method.IsAssembly))
        {
            if (!method.IsGenericMethodDefinition)
            {
                yield return method;
                continue;
            }
            var parameters = method.GetGenericArguments();
            if (parameters is [_, { Name: "TAdder" }])
            {
                foreach (var adder in typeof(Adders).GetNestedTypes(BindingFlags.NonPublic))
                    yield return method.MakeGenericMethod(adder.GetInterfaces().Single().GetGenericArguments()[0], adder);
                continue;
            }
            bool integers = parameters.Any(IsInteger);
            foreach (var function in parameters.Any(parameter => parameter.Name == "TFunction") ? Functions(parameters.Single(parameter => parameter.Name == "TFunction")) : [typeof(object)])
                yield return method.MakeGenericMethod([.. parameters.Select(parameter => parameter.Name switch
                {
                    "T" or "TOut" => integers ? typeof(long) : real,
                    "TX" or "TY" => IsInteger(parameters.Single(other => other.Name == $"E{parameter.Name[1]}")) ? typeof(long) : real,
                    "EX" or "EY" => IsInteger(parameter) ? typeof(Element.Int64) : element,
                    "TElement" or "TOutElement" or "TReal" => integers ? typeof(Element.Int64) : element,
                    "TWide" => typeof(double),
                    "TFold" => typeof(Folds.Max),
                    "TFunction" => function,
                    "TPlaces" => typeof(WalkStrides),
                    "TKey" => typeof(RealKey<,>).MakeGenericType(real, element),
                    "TLeft" => typeof(TransposedWeightSource<>).MakeGenericType(real),
                    "TRight" => typeof(GatherSource<>).MakeGenericType(real),
                    "TTarget" => typeof(ImageTarget<>).MakeGenericType(real),
                    "TTile" => typeof(Tile.Large),
                    _ => throw new InvalidOperationException($"what is {parameter.Name} of {method}?"),
                })]);
        }
    }

    /// <summary>Whether a type parameter is a function or an element of integers.</summary>
    private static bool IsInteger(Type parameter) => parameter.GetGenericParameterConstraints().Any(constraint => constraint == typeof(IIntegerUnary) || constraint == typeof(IIntegerBinary)
        || (constraint.IsGenericType && constraint.GetGenericArguments() is [_, { } wide] && wide == typeof(long)));

    private static IEnumerable<Type> Functions(Type parameter)
    {
        var wanted = parameter.GetGenericParameterConstraints().Single(constraint => constraint.Namespace == "TorchSharp.Gpu");
        foreach (var function in typeof(UnaryFunctions).GetNestedTypes(BindingFlags.NonPublic).Concat(typeof(BinaryFunctions).GetNestedTypes(BindingFlags.NonPublic)))
            if (function.IsAssignableTo(wanted))
                yield return function;
            else if (wanted == typeof(IUnary) && function.IsAssignableTo(typeof(IWideUnary)))
                yield return typeof(Wide<>).MakeGenericType(function);
    }

    [Fact]
    public void EveryKernel_CompilesToPtx()
    {
        using var context = Context.Create(builder => CudaMath.Register(builder.Optimize(OptimizationLevel.O2).GetIntrinsicManager()));
        using var backend = new PTXBackend(context, CudaArchitecture.SM_70, CudaInstructionSet.ISA_70, null!);
        var failures = new List<string>();
        int compiled = 0;
        foreach (var kernel in Kernels(false).Concat(Kernels(true)).Distinct())
            try
            {
                var entry = kernel.GetParameters()[0].ParameterType == typeof(Index1D)
                    ? EntryPointDescription.FromImplicitlyGroupedKernel(kernel) : EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
                var result = (PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty);
                Assert.Contains(".entry", result.PTXAssembly, StringComparison.Ordinal);
                compiled++;
            }
            catch (Exception exception) when (exception is InternalCompilerException or NotSupportedException)
            {
                failures.Add($"{kernel}: {exception.InnerException?.Message ?? exception.Message}");
            }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(compiled > 150, $"only {compiled} kernels");
    }
}
