namespace TorchSharp;

public static partial class torch
{
    // New tensors by rule.
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Factories.Arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Factories.Arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>start, start + step, … up to but without stop.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Factories.Arange(start, stop, step, dtype, device, requires_grad);

    /// <summary>Evenly spaced from start to end, both included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Factories.Linspace(start, end, steps, dtype, device, requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Linspace(start, end, steps, dtype, device, requires_grad, exponent => Math.Pow(@base, exponent));

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Factories.Eye(rows, columns, dtype, device, requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Factories.Zeros(input.Layout.Shape, dtype ?? input.dtype, device ?? input.device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Factories.Ones(input.Layout.Shape, dtype ?? input.dtype, device ?? input.device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Factories.Empty(input.Layout.Shape, dtype ?? input.dtype, device ?? input.device, requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Full(input.Layout.Shape, value, dtype ?? input.dtype, device ?? input.device, requires_grad);

    /// <summary>The tensor itself, or a converted copy.</summary>
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null)
    {
        return data.to(dtype ?? data.dtype, device ?? data.device);
    }

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Operations.Cat(tensors as Tensor[] ?? tensors.ToArray(), dim);

    public static Tensor cat(Tensor[] tensors, long dim = 0) => Operations.Cat(tensors, dim);

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Operations.Cat(tensors, dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    public static Tensor concatenate(Tensor[] tensors, long axis = 0) => cat(tensors, axis);

    public static Tensor concatenate(ReadOnlySpan<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    /// <summary>Tensors of one shape along a new dimension.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        var list = tensors.ToArray();
        if (list.Length == 0)
            throw new System.Runtime.InteropServices.ExternalException("stack expects a non-empty TensorList");
        foreach (var tensor in list)
            if (!tensor.Layout.SameShape(list[0].Layout))
                throw new System.Runtime.InteropServices.ExternalException($"stack expects each tensor to be equal size, but got {list[0].Layout} at entry 0 and {tensor.Layout} at entry {Array.IndexOf(list, tensor)}");
        var rows = Array.ConvertAll(list, tensor => tensor.unsqueeze(dim));
        var result = Operations.Cat(rows, Layout.WrapDim(dim, list[0].Layout.Rank + 1));
        foreach (var row in rows)
            row.Discard();
        return result;
    }
}
