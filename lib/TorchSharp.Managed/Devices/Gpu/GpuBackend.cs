using ILGPU;
using static TorchSharp.torch;

namespace TorchSharp.Gpu;

/// <summary>The kernels of a device. Pointers are addresses of its <see cref="GpuMemory"/>; a call returns when the work is in the queue.</summary>
/// <param name="onCpu">Chooses the kernels for processors that are a CPU's: without groups that share memory.</param>
internal sealed unsafe partial class GpuBackend(GpuDevice device, bool onCpu) : IBackend
{
    private readonly GpuDevice _device = device;
    private readonly bool _onCpu = onCpu;

    private static readonly ScalarType[] Reals = [ScalarType.Float32, ScalarType.Float64];
    private static readonly ScalarType[] Numbers = [.. Reals, ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64];

    /// <summary>The types whose sums a device can form in memory that several threads write to.</summary>
    private static readonly ScalarType[] Added = [.. Reals, ScalarType.Int32, ScalarType.Int64];

    /// <summary>The operations that have kernels, by the name of IBackend's method, and the types they have them for.</summary>
    private static readonly Dictionary<string, ScalarType[]> Has = new()
    {
        [nameof(Unary)] = Numbers,
        [nameof(Binary)] = Numbers,
        [nameof(BinaryRows)] = Numbers,
        [nameof(BinaryStrided)] = Numbers,
        [nameof(Compare)] = Numbers,
        [nameof(CompareStrided)] = Numbers,
        [nameof(AddScaled)] = Numbers,
        [nameof(Fill)] = [.. Numbers, ScalarType.Float16, ScalarType.BFloat16],
        [nameof(Reduce)] = Numbers,
        [nameof(ArgReduce)] = Numbers,
        [nameof(MatMul)] = [.. Reals, ScalarType.Int32, ScalarType.Int64],
        [nameof(MeanAndSquares)] = Reals,
        [nameof(Softmax)] = Reals,
        [nameof(SoftmaxBackward)] = Reals,
        [nameof(Conv)] = Reals,
        [nameof(ConvBackwardInput)] = Reals,
        [nameof(ConvBackwardWeight)] = Reals,
        [nameof(MaxPool)] = Reals,
        [nameof(MaxPoolBackward)] = Reals,
        [nameof(AvgPool)] = Reals,
        [nameof(AvgPoolBackward)] = Reals,
        [nameof(AdamStep)] = Reals,
        [nameof(SgdStep)] = Reals,
        [nameof(RmsPropStep)] = Reals,
        [nameof(Affine)] = Reals,
        [nameof(Projections)] = Reals,
        [nameof(NormaliseRows)] = Reals,
        [nameof(NormaliseRowsBackward)] = Reals,
        [nameof(NormaliseChannels)] = Reals,
        [nameof(NormaliseChannelsBackward)] = Reals,
        [nameof(NegativeLog)] = Reals,
        [nameof(NegativeLogBackward)] = Reals,
        [nameof(Copy)] = [.. Numbers, ScalarType.Float16, ScalarType.BFloat16],
        [nameof(Where)] = [.. Numbers, ScalarType.Float16, ScalarType.BFloat16],
        [nameof(SelectRows)] = [.. Numbers, ScalarType.Float16, ScalarType.BFloat16],
        [nameof(AddRows)] = Added,
        [nameof(AlongIndex)] = [.. Numbers, ScalarType.Float16, ScalarType.BFloat16],
        [nameof(AddOffsets)] = [ScalarType.Int64],
        [nameof(Blocks)] = [.. Numbers, ScalarType.Float16, ScalarType.BFloat16],
        [nameof(NonZero)] = [ScalarType.Bool],
        [nameof(Order)] = Numbers,
        [nameof(Draw)] = Reals,
        [nameof(Cumulate)] = Numbers,
        [nameof(CumulativeExtreme)] = Numbers,
    };

    /// <summary>Whether there is a kernel; where there is none, the method throws <see cref="NotOnDeviceException"/> before it touches anything.</summary>
    /// <param name="operation">The name of IBackend's method.</param>
    internal bool Supports(string operation, ScalarType type) =>
        Has.TryGetValue(operation, out var types) && Array.IndexOf(types, type) >= 0 && (type != ScalarType.Float64 || _device.SupportsFloat64);

    /// <summary>The operations of IBackend without a kernel, for any type or for the one that is named.</summary>
    internal static IEnumerable<string> Lacks =>
        typeof(IBackend).GetMethods().Select(method => method.Name).Distinct().Where(name => !Has.ContainsKey(name))
            .Concat(Has.SelectMany(item => Numbers.Except(item.Value).Select(type => $"{item.Key} over {type}")));

    private void Require(string operation, ScalarType type)
    {
        if (!Supports(operation, type))
            throw new NotOnDeviceException(operation, type);
    }

    private ArrayView<T> View<T>(void* address) where T : unmanaged => _device.Memory.View<T>(address);

    /// <summary>Memory for the length of a call. The queue keeps order, so it may be given away before the kernel has run.</summary>
    private readonly ref struct Scratch(GpuBackend on, long bytes)
    {
        internal void* Address { get; } = on._device.Memory.Allocate(bytes, "intermediate results");

        public void Dispose() => on._device.Memory.Free(Address, bytes);
    }

    private interface IIntegerAction
    {
        void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long>;
    }

    private static void OverIntegers<TAction>(ScalarType type, in TAction action) where TAction : IIntegerAction, allows ref struct
    {
        switch (type)
        {
            case ScalarType.Bool:
            case ScalarType.Byte: action.Run<byte, Element.Byte>(); break;
            case ScalarType.Int8: action.Run<sbyte, Element.Int8>(); break;
            case ScalarType.Int16: action.Run<short, Element.Int16>(); break;
            case ScalarType.Int32: action.Run<int, Element.Int32>(); break;
            case ScalarType.Int64: action.Run<long, Element.Int64>(); break;
            default: throw ScalarTypes.Unsupported(type);
        }
    }

    public void AddScaled(ScalarType type, void* y, void* x, double alpha, long count)
    {
        Require(nameof(AddScaled), type);
        if (type == ScalarType.Float32)
            _device.Run<ArrayView<float>, ArrayView<float>, float>(PointwiseKernels.AddScaled, count, View<float>(y), View<float>(x), (float)alpha);
        else if (type == ScalarType.Float64)
            _device.Run<ArrayView<double>, ArrayView<double>, double>(PointwiseKernels.AddScaled, count, View<double>(y), View<double>(x), alpha);
        else
            OverIntegers(type, new AddScaledIntegers(this, y, x, (long)alpha, count));
    }

    private readonly struct AddScaledIntegers(GpuBackend on, void* y, void* x, long alpha, long count) : IIntegerAction
    {
        public void Run<T, TElement>() where T : unmanaged where TElement : struct, IElement<T, long> =>
            on._device.Run<ArrayView<T>, ArrayView<T>, long>(PointwiseKernels.AddScaled<T, TElement>, count, on.View<T>(y), on.View<T>(x), alpha);
    }

    /// <summary>By the size of the element: its bits are the same whatever they mean.</summary>
    public void Fill(ScalarType type, void* y, Scalar value, long count)
    {
        Require(nameof(Fill), type);
        long number;
        ScalarTypes.Write(value, type, &number);
        switch (type.Size())
        {
            case 1: Fill(y, *(byte*)&number, count); break;
            case 2: Fill(y, *(short*)&number, count); break;
            case 4: Fill(y, *(int*)&number, count); break;
            default: Fill(y, number, count); break;
        }
    }

    private void Fill<T>(void* y, T value, long count) where T : unmanaged => _device.Run<ArrayView<T>, T>(PointwiseKernels.Fill, count, View<T>(y), value);
}
