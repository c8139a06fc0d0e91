using System.Collections.Concurrent;
using TorchSharp.RandomStreams;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A device's kernels, and in the place of each that it lacks the host's, on a mirror of the data.</summary>
internal sealed unsafe partial class FallbackBackend(DevicePlace place, IBackend? device) : IBackend
{
    private readonly IBackend? _device = device;
    private readonly ConcurrentDictionary<(string Operation, int Kind, ScalarType Type), bool> _lacking = new();

    private static IBackend Host => Place.Host.Backend;

    private bool Has((string Operation, int Kind, ScalarType Type) call) => _device is not null && (_lacking.IsEmpty || !_lacking.ContainsKey(call));

    private void Lacks((string Operation, int Kind, ScalarType Type) call, NotOnDeviceException refusal)
    {
        if (!refusal.IsOfShape)
            _lacking[call] = true;
    }

    private void Note((string Operation, int Kind, ScalarType Type) call) => Fallbacks.Note(place, $"{call.Operation}{Kind(call.Operation, call.Kind)} of {call.Type}");

    private static string Kind(string operation, int kind) => operation switch
    {
        nameof(Unary) => $"({(UnaryKind)kind})",
        nameof(Binary) or nameof(BinaryRows) => $"({(BinaryKind)kind})",
        nameof(Cumulate) => $"({(CumulativeKind)kind})",
        nameof(Draw) => $"({(DrawKind)kind})",
        nameof(Compare) => $"({(CompareKind)kind})",
        nameof(Reduce) => $"({(ReduceKind)kind})",
        nameof(AlongIndex) or nameof(Blocks) => $"({(IndexMode)kind})",
        _ => "",
    };

    /// <summary>An operand of a device's kernel; where it is a number of the host beside tensors of the device, that number in the device's memory for the length of the call.</summary>
    private readonly ref struct Beside
    {
        private readonly DevicePlace? _lent;

        internal Beside(DevicePlace place, void* address, bool mayBeNumber, ScalarType type)
        {
            Address = address;
            if (!mayBeNumber || DevicePlace.IsDeviceAddress(address))
                return;
            _lent = place;
            Address = place.Lend(sizeof(long));
            place.CopyToDevice(address, Address, type.Size());
        }

        internal void* Address { get; }

        public void Dispose() => _lent?.TakeBack(Address, sizeof(long));
    }

    private void* In(void* address) => place.HostView(address, writes: false);

    private void* Out(void* address) => place.HostView(address, writes: true);

    private MatrixRef In(in MatrixRef matrix) => matrix with { Data = (nint)In((void*)matrix.Data) };

    private MatrixRef Out(in MatrixRef matrix) => matrix with { Data = (nint)Out((void*)matrix.Data) };

    public void Unary(UnaryKind kind, ScalarType type, void* x, void* y, long count)
    {
        var call = (nameof(Unary), (int)kind, type);
        if (Has(call))
        {
            try { _device!.Unary(kind, type, x, y, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Unary(kind, type, In(x), Out(y), count);
    }

    public void Binary(BinaryKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, void* y, long count)
    {
        var call = (nameof(Binary), (int)kind, type);
        if (Has(call))
        {
            using Beside left = new(place, a, strideA == 0, type), right = new(place, b, strideB == 0, type);
            try { _device!.Binary(kind, type, left.Address, strideA, right.Address, strideB, y, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Binary(kind, type, In(a), strideA, In(b), strideB, Out(y), count);
    }

    public void BinaryRows(BinaryKind kind, ScalarType type, void* a, long strideA, long rowA, void* b, long strideB, long rowB, void* y, long rowY, long count, long rows)
    {
        var call = (nameof(BinaryRows), (int)kind, type);
        if (Has(call))
        {
            using Beside left = new(place, a, strideA == 0, type), right = new(place, b, strideB == 0, type);
            try { _device!.BinaryRows(kind, type, left.Address, strideA, rowA, right.Address, strideB, rowB, y, rowY, count, rows); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.BinaryRows(kind, type, In(a), strideA, rowA, In(b), strideB, rowB, Out(y), rowY, count, rows);
    }

    public void Compare(CompareKind kind, ScalarType type, void* a, long strideA, void* b, long strideB, byte* y, long count)
    {
        var call = (nameof(Compare), (int)kind, type);
        if (Has(call))
        {
            using Beside left = new(place, a, strideA == 0, type), right = new(place, b, strideB == 0, type);
            try { _device!.Compare(kind, type, left.Address, strideA, right.Address, strideB, y, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Compare(kind, type, In(a), strideA, In(b), strideB, (byte*)Out(y), count);
    }

    public void AddScaled(ScalarType type, void* y, void* x, double alpha, long count)
    {
        var call = (nameof(AddScaled), 0, type);
        if (Has(call))
        {
            try { _device!.AddScaled(type, y, x, alpha, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.AddScaled(type, Out(y), In(x), alpha, count);
    }

    public void Fill(ScalarType type, void* y, Scalar value, long count)
    {
        var call = (nameof(Fill), 0, type);
        if (Has(call))
        {
            try { _device!.Fill(type, y, value, count); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Fill(type, Out(y), value, count);
    }

    public void Reduce(ReduceKind kind, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        var call = (nameof(Reduce), (int)kind, type);
        if (Has(call))
        {
            try { _device!.Reduce(kind, type, x, y, outer, n, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Reduce(kind, type, In(x), Out(y), outer, n, inner);
    }

    public void ArgReduce(bool max, ScalarType type, void* x, long* y, long outer, long n, long inner)
    {
        var call = (nameof(ArgReduce), 0, type);
        if (Has(call))
        {
            try { _device!.ArgReduce(max, type, x, y, outer, n, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.ArgReduce(max, type, In(x), (long*)Out(y), outer, n, inner);
    }

    public void MeanAndSquares(ScalarType type, void* x, void* mean, void* m2, long outer, long n, long inner)
    {
        var call = (nameof(MeanAndSquares), 0, type);
        if (Has(call))
        {
            try { _device!.MeanAndSquares(type, x, mean, m2, outer, n, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.MeanAndSquares(type, In(x), Out(mean), Out(m2), outer, n, inner);
    }

    public void Softmax(bool log, ScalarType type, void* x, void* y, long outer, long n, long inner)
    {
        var call = (nameof(Softmax), 0, type);
        if (Has(call))
        {
            try { _device!.Softmax(log, type, x, y, outer, n, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Softmax(log, type, In(x), Out(y), outer, n, inner);
    }

    public void SoftmaxBackward(bool log, ScalarType type, void* dy, void* y, void* dx, long outer, long n, long inner)
    {
        var call = (nameof(SoftmaxBackward), 0, type);
        if (Has(call))
        {
            try { _device!.SoftmaxBackward(log, type, dy, y, dx, outer, n, inner); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.SoftmaxBackward(log, type, In(dy), In(y), Out(dx), outer, n, inner);
    }

    public void MatMul(ScalarType type, long batch, long m, long n, long k, in MatrixRef a, in MatrixRef b, in MatrixRef c, bool accumulate)
    {
        var call = (nameof(MatMul), 0, type);
        if (Has(call))
        {
            try { _device!.MatMul(type, batch, m, n, k, in a, in b, in c, accumulate); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.MatMul(type, batch, m, n, k, In(a), In(b), Out(c), accumulate);
    }

    public void Conv(ScalarType type, in ConvShape shape, void* x, void* weight, void* bias, void* y)
    {
        var call = (nameof(Conv), 0, type);
        if (Has(call))
        {
            try { _device!.Conv(type, in shape, x, weight, bias, y); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Conv(type, in shape, In(x), In(weight), In(bias), Out(y));
    }

    public void ConvBackwardInput(ScalarType type, in ConvShape shape, void* dy, void* weight, void* dx)
    {
        var call = (nameof(ConvBackwardInput), 0, type);
        if (Has(call))
        {
            try { _device!.ConvBackwardInput(type, in shape, dy, weight, dx); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.ConvBackwardInput(type, in shape, In(dy), In(weight), Out(dx));
    }

    public void ConvBackwardWeight(ScalarType type, in ConvShape shape, void* x, void* dy, void* dweight, void* dbias)
    {
        var call = (nameof(ConvBackwardWeight), 0, type);
        if (Has(call))
        {
            try { _device!.ConvBackwardWeight(type, in shape, x, dy, dweight, dbias); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.ConvBackwardWeight(type, in shape, In(x), In(dy), Out(dweight), Out(dbias));
    }

    public void MaxPool(ScalarType type, in PoolShape shape, void* x, void* y, long* indices)
    {
        var call = (nameof(MaxPool), 0, type);
        if (Has(call))
        {
            try { _device!.MaxPool(type, in shape, x, y, indices); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.MaxPool(type, in shape, In(x), Out(y), (long*)Out(indices));
    }

    public void MaxPoolBackward(ScalarType type, long planes, long inputSize, long outputSize, void* dy, long* indices, void* dx)
    {
        var call = (nameof(MaxPoolBackward), 0, type);
        if (Has(call))
        {
            try { _device!.MaxPoolBackward(type, planes, inputSize, outputSize, dy, indices, dx); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.MaxPoolBackward(type, planes, inputSize, outputSize, In(dy), (long*)In(indices), Out(dx));
    }

    public void AvgPool(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* x, void* y)
    {
        var call = (nameof(AvgPool), 0, type);
        if (Has(call))
        {
            try { _device!.AvgPool(type, in shape, countIncludePad, divisor, x, y); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.AvgPool(type, in shape, countIncludePad, divisor, In(x), Out(y));
    }

    public void AvgPoolBackward(ScalarType type, in PoolShape shape, bool countIncludePad, long divisor, void* dy, void* dx)
    {
        var call = (nameof(AvgPoolBackward), 0, type);
        if (Has(call))
        {
            try { _device!.AvgPoolBackward(type, in shape, countIncludePad, divisor, dy, dx); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.AvgPoolBackward(type, in shape, countIncludePad, divisor, In(dy), Out(dx));
    }

    public void Affine(ScalarType type, void* a, void* b, void* y, void* factorA, void* factorB, void* center, void* offset, long batch, long channels, long positions)
    {
        var call = (nameof(Affine), 0, type);
        if (Has(call))
        {
            try { _device!.Affine(type, a, b, y, factorA, factorB, center, offset, batch, channels, positions); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Affine(type, In(a), In(b), Out(y), In(factorA), In(factorB), In(center), In(offset), batch, channels, positions);
    }

    public void Projections(ScalarType type, void* a, void* b, void* center, void* sums, void* dots, long batch, long channels, long positions)
    {
        var call = (nameof(Projections), 0, type);
        if (Has(call))
        {
            try { _device!.Projections(type, a, b, center, sums, dots, batch, channels, positions); return; }
            catch (NotOnDeviceException refusal) { Lacks(call, refusal); }
        }
        Note(call);
        Host.Projections(type, In(a), In(b), In(center), Out(sums), Out(dots), batch, channels, positions);
    }
}
