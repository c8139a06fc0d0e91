namespace RealTorchSharp.Tests.Surface;

/// <summary>
/// Facts about TorchSharp's interface that reflection does not print and the list therefore lacks, as far as our code depends on them;
/// read in TorchSharp's public documentation and source.
/// </summary>
internal static class Unlisted
{
    public static readonly Dictionary<string, string> UnderlyingTypes = new() { ["torch.ScalarType"] = "sbyte" };

    /// <summary>What a delegate takes and returns.</summary>
    public static readonly Dictionary<string, string> Delegates = new()
    {
        ["AllocatePinnedArray"] = "System.IntPtr AllocatePinnedArray(int id, System.IntPtr length)",
        ["AllocateIndexedNativeTensorOrScalarArray"] = "void AllocateIndexedNativeTensorOrScalarArray(int id, System.IntPtr length, out System.IntPtr t1, out System.IntPtr t2)",
        ["DistanceFunctionNative"] = "System.IntPtr DistanceFunctionNative(System.IntPtr x, System.IntPtr y)",
        ["torch.optim.Optimizer.LossClosure"] = "global::TorchSharp.torch.Tensor LossClosure()",
    };

    /// <summary>Properties that a derived class must implement.</summary>
    public static readonly HashSet<string> AbstractProperties = ["torch.utils.data.Dataset<T>.Count"];

    /// <summary>Names of tuple elements by member.</summary>
    private static readonly Dictionary<string, string[]> tupleNames = new()
    {
        ["torch.nn.Module.named_parameters"] = ["name", "parameter"],
        ["Modules.Sequential.named_parameters"] = ["name", "parameter"],
        ["Modules.Sequential.named_buffers"] = ["name", "buffer"],
        ["Modules.Sequential.named_children"] = ["name", "module"],
        ["Modules.Sequential.named_modules"] = ["name", "module"],
        ["torch.nn.Module.named_buffers"] = ["name", "buffer"],
        ["torch.nn.Module.named_children"] = ["name", "module"],
        ["torch.nn.Module.named_modules"] = ["name", "module"],
        ["torch.Tensor.topk"] = ["values", "indices"],
    };

    public static IReadOnlyList<string>? TupleNamesOf(ListedType type, string member) => tupleNames.GetValueOrDefault($"{type.Path}.{member}");
}
