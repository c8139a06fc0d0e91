using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>New tensors from sizes and from C# data.</summary>
internal static unsafe class Factories
{
    private static Tensor Finish(Tensor y, bool requiresGrad)
    {
        if (requiresGrad)
            y.requires_grad = true;
        return y;
    }

    private static Tensor New(ReadOnlySpan<long> size, ScalarType? type, Device? device)
    {
        return Tensor.Allocate(Layout.Of(size.ToArray()), type ?? get_default_dtype(), Place.Of(device));
    }

    internal static Tensor Empty(ReadOnlySpan<long> size, ScalarType? type, Device? device, bool requiresGrad) => Finish(New(size, type, device), requiresGrad);

    internal static Tensor Zeros(ReadOnlySpan<long> size, ScalarType? type, Device? device, bool requiresGrad) => Full(size, 0.0, type ?? get_default_dtype(), device, requiresGrad);

    internal static Tensor Ones(ReadOnlySpan<long> size, ScalarType? type, Device? device, bool requiresGrad) => Full(size, 1.0, type ?? get_default_dtype(), device, requiresGrad);

    /// <summary>Without a type: that of the value (the default one for any floating-point value).</summary>
    internal static Tensor Full(ReadOnlySpan<long> size, Scalar value, ScalarType? type, Device? device, bool requiresGrad)
    {
        var y = New(size, type ?? (value.IsFloating ? get_default_dtype() : value.Type == ScalarType.Bool ? ScalarType.Bool : ScalarType.Int64), device);
        Operations.RequireFits(value, y.dtype);
        if (y.HasData)
            y.Backend.Fill(y.dtype, y.On(y), value, y.Layout.Count);
        GC.KeepAlive(y);
        return Finish(y, requiresGrad);
    }

    /// <summary>Elements of a C# array of any rank, or of a flat one with a given shape; those beyond the shape are left out.</summary>
    internal static Tensor FromArray(Array data, ReadOnlySpan<long> shape, ScalarType? type, Device? device, bool requiresGrad)
    {
        var place = Place.Of(device);
        var own = TypeOf(data.GetType().GetElementType()!);
        if (Layout.CountOf(shape) > data.LongLength)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: the array has {data.LongLength} elements, the shape {Layout.Text(shape)} has {Layout.CountOf(shape)}");
        // Converted here where it will lie elsewhere: bytes travel in the type that stays.
        var y = Tensor.Allocate(Layout.Of(shape.ToArray()), own, ReferenceEquals(place, Place.Meta) ? place : Place.Host);
        long bytes = y.Layout.Count * own.Size();
        if (y.HasData)
            fixed (byte* source = &MemoryMarshal.GetArrayDataReference(data))
                Buffer.MemoryCopy(source, y.Data, bytes, bytes);
        GC.KeepAlive(y);
        return Finish(Moved(Converted(y, type), place), requiresGrad);
    }

    internal static Tensor FromArray(Array data, ScalarType? type, Device? device, bool requiresGrad)
    {
        long[] shape = new long[data.Rank];
        for (int d = 0; d < shape.Length; d++)
            shape[d] = data.GetLongLength(d);
        return FromArray(data, shape, type, device, requiresGrad);
    }

    internal static Tensor FromList<T>(IList<T> data, ReadOnlySpan<long> shape, ScalarType? type, Device? device, bool requiresGrad) =>
        FromArray(data as T[] ?? data.ToArray(), shape, type, device, requiresGrad);

    internal static Tensor FromMemory<T>(Memory<T> data, ReadOnlySpan<long> shape, ScalarType? type, Device? device, bool requiresGrad) where T : unmanaged =>
        FromArray(data.ToArray(), shape, type, device, requiresGrad);

    internal static Tensor FromScalar(Scalar value, ScalarType? type, Device? device, bool requiresGrad)
    {
        var y = Tensor.Allocate(Layout.Scalar, type ?? value.Type, Place.Of(device));
        if (y.HasData)
            y.Backend.Fill(y.dtype, y.On(y), value, 1);
        GC.KeepAlive(y);
        return Finish(y, requiresGrad);
    }

    private static Tensor Converted(Tensor y, ScalarType? type)
    {
        if (type is not { } wanted || wanted == y.dtype)
            return y;
        using (y.AsTemporary())
            return Operations.Packed(y, wanted);
    }

    private static Tensor Moved(Tensor y, Place place)
    {
        if (ReferenceEquals(y.Place, place))
            return y;
        var there = Tensor.Allocate(y.Layout, y.dtype, place);
        using (y.AsTemporary())
            Transfers.Copy(y, there);
        return there;
    }

    internal static ScalarType TypeOf(Type type) => type switch
    {
        _ when type == typeof(bool) => ScalarType.Bool,
        _ when type == typeof(byte) => ScalarType.Byte,
        _ when type == typeof(sbyte) => ScalarType.Int8,
        _ when type == typeof(short) => ScalarType.Int16,
        _ when type == typeof(int) => ScalarType.Int32,
        _ when type == typeof(long) => ScalarType.Int64,
        _ when type == typeof(Half) => ScalarType.Float16,
        _ when type == typeof(BFloat16) => ScalarType.BFloat16,
        _ when type == typeof(float) => ScalarType.Float32,
        _ when type == typeof(double) => ScalarType.Float64,
        _ => throw new NotSupportedException($"Creating a tensor from an array of {type.Name} is not supported by the managed engine."),
    };

    /// <summary>start, start + step, … before stop.</summary>
    internal static Tensor Arange(Scalar start, Scalar stop, Scalar step, ScalarType? type, Device? device, bool requiresGrad)
    {
        if (step.IsZero)
            throw new ExternalException("step must be nonzero");
        var to = type ?? (start.IsFloating || stop.IsFloating || step.IsFloating ? get_default_dtype() : ScalarType.Int64);
        bool integral = !start.IsFloating && !stop.IsFloating && !step.IsFloating;
        if (step.Real > 0 ? stop.Real < start.Real : stop.Real > start.Real)
            throw new ExternalException($"upper bound and lower bound inconsistent with step sign: start {start}, stop {stop}, step {step}");
        long count = integral
            ? (stop.Integer - start.Integer + step.Integer - Math.Sign(step.Integer)) / step.Integer
            : (long)Math.Ceiling((stop.Real - start.Real) / step.Real);
        using var wide = Tensor.Allocate(Layout.Of([count]), integral ? ScalarType.Int64 : ScalarType.Float64).AsTemporary();
        if (integral)
            for (long i = 0; i < count; i++)
                ((long*)wide.Data)[i] = start.Integer + i * step.Integer;
        else
            for (long i = 0; i < count; i++)
                ((double*)wide.Data)[i] = start.Real + i * step.Real;
        return Filled(wide, to, device, requiresGrad);
    }

    private static Tensor Filled(Tensor wide, ScalarType type, Device? device, bool requiresGrad)
    {
        var y = Tensor.Allocate(wide.Layout, type, Place.Of(device));
        Transfers.Copy(wide, y);
        return Finish(y, requiresGrad);
    }

    /// <summary>Evenly spaced from start to end, both included; the second half is counted from the end, so that it is hit exactly.</summary>
    internal static Tensor Linspace(double start, double end, long steps, ScalarType? type, Device? device, bool requiresGrad, Func<double, double>? map = null)
    {
        if (steps < 0)
            throw new ExternalException("number of steps must be non-negative");
        var to = type ?? get_default_dtype();
        using var wide = Tensor.Allocate(Layout.Of([steps]), ScalarType.Float64).AsTemporary();
        double* values = (double*)wide.Data;
        if (to == ScalarType.Float32 && map is null)
        {
            // In the precision of the result, as PyTorch does it.
            float first = (float)start, last = (float)end, step = steps > 1 ? (last - first) / (steps - 1) : 0;
            for (long i = 0; i < steps; i++)
                values[i] = i < steps / 2 || steps == 1 ? first + step * i : last - step * (steps - 1 - i);
        }
        else if (to.IsReduced() && map is null)
        {
            double first = Rounded(start, to), last = Rounded(end, to), step = steps > 1 ? Rounded((last - first) / (steps - 1), to) : 0;
            for (long i = 0; i < steps; i++)
                values[i] = i < steps / 2 || steps == 1 ? first + step * i : last - step * (steps - 1 - i);
        }
        else
        {
            double step = steps > 1 ? (end - start) / (steps - 1) : 0;
            for (long i = 0; i < steps; i++)
                values[i] = i < steps / 2 || steps == 1 ? start + step * i : end - step * (steps - 1 - i);
        }
        if (map is not null)
            for (long i = 0; i < steps; i++)
                values[i] = map(values[i]);
        return Filled(wide, to, device, requiresGrad);
    }

    private static double Rounded(double value, ScalarType type) => type == ScalarType.Float16 ? (double)(Half)value : (double)(BFloat16)value;

    internal static Tensor Eye(long rows, long columns, ScalarType? type, Device? device, bool requiresGrad)
    {
        if (rows < 0)
            throw new ExternalException($"n must be greater or equal to 0, got {rows}");
        if (columns < 0)
            columns = rows;
        var y = Zeros([rows, columns], type, device, false);
        long length = Math.Min(rows, columns);
        if (length > 0)
        {
            using var diagonal = y.ShareData(new Layout([length], [columns + 1], 0)).AsTemporary();
            Operations.FillData(diagonal, 1);
        }
        return Finish(y, requiresGrad);
    }
}
