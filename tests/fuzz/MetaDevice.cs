using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Fuzz;

/// <summary>Every operation once more with its tensors on the meta device: it must give the shapes and types that it gives on the CPU, or say that it needs values.</summary>
internal static class MetaDevice
{
    /// <summary>What depends on values: shapes of the result, checks of them, or numbers that are computed outside of the engine's operations.</summary>
    private const string NeedValues = "Equals|allclose|.*nonzero.*|argwhere|where|unique.*|masked_select|masked_scatter|repeat_interleave|isin|bucketize|searchsorted|one_hot|gcd"
        + "|index_copy_?|tensor_split|[hvd]split|det|logdet|slogdet|eigvalsh|svdvals|multi_label_margin_loss";

    /// <summary>What the operation does there: "same", "values" (it refuses because there are none), or in what it differs.</summary>
    internal static string Try(MethodInfo method, object?[] arguments)
    {
        object? Call(object?[] given) => method.Invoke(method.IsStatic ? null : given[0], BindingFlags.DoNotWrapExceptions, null, method.IsStatic ? given : given[1..], null);
        string cpu, meta;
        object?[] moved = [.. arguments.Select(Moved)];
        try
        {
            cpu = Shapes(Call(arguments), "cpu");
        }
        catch (Exception failure)
        {
            cpu = "! " + failure.GetType().Name;
        }
        try
        {
            meta = Shapes(Call(moved), "meta");
        }
        catch (Exception failure) when (failure.Message.Contains("meta", StringComparison.Ordinal))
        {
            meta = Operations.Whole(NeedValues, method.Name) ? "values" : "! " + failure.Message.ReplaceLineEndings(" ");
        }
        catch (Exception failure)
        {
            meta = $"! {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
        }
        if (meta == "values")
            return meta;
        // The kernel that refuses a type is not asked on meta.
        return cpu == meta || cpu[0] == '!' ? "same" : $"{cpu} on the CPU, {meta} on meta";
    }

    private static object? Moved(object? argument) => argument switch
    {
        Tensor tensor => tensor.to(META),
        Tensor[] many => many.Select(tensor => tensor.to(META)).ToArray(),
        _ => argument,
    };

    /// <param name="device">Where tensors of this result are said to lie: those of the CPU run are written as on meta would be.</param>
    private static string Shapes(object? result, string device) => result switch
    {
        null => "null",
        Tensor tensor => $"{tensor.dtype}[{string.Join(",", tensor.shape)}]{(tensor.device.ToString() == device ? "" : " on " + tensor.device)}",
        IEnumerable<Tensor> many => string.Join(" ; ", many.Select(tensor => Shapes(tensor, device))),
        ITuple tuple => string.Join(" ; ", Enumerable.Range(0, tuple.Length).Select(i => Shapes(tuple[i], device))),
        _ => result.GetType().Name,
    };
}
