using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The definition of every kernel: plain loops over plain memory, any supported type, no tricks. Fast kernels are tested against it.</summary>
internal unsafe partial class ReferenceBackend : IBackend
{
    /// <summary>Calls <paramref name="action"/> with the floating-point type that a <see cref="ScalarType"/> names.</summary>
    private static void OverFloats<TAction>(ScalarType type, in TAction action) where TAction : IFloatAction, allows ref struct
    {
        switch (type)
        {
            case ScalarType.Float32: action.Run<float>(); break;
            case ScalarType.Float64: action.Run<double>(); break;
            default: throw new System.Runtime.InteropServices.ExternalException($"not implemented for '{type}': a floating-point type is needed");
        }
    }

    /// <summary>As <see cref="OverFloats"/>, and over integers; Bool is a byte.</summary>
    private static void OverNumbers<TAction>(ScalarType type, in TAction action) where TAction : INumberAction, allows ref struct
    {
        switch (type)
        {
            case ScalarType.Float32: action.Run<float>(); break;
            case ScalarType.Float64: action.Run<double>(); break;
            case ScalarType.Bool:
            case ScalarType.Byte: action.Run<byte>(); break;
            case ScalarType.Int8: action.Run<sbyte>(); break;
            case ScalarType.Int16: action.Run<short>(); break;
            case ScalarType.Int32: action.Run<int>(); break;
            case ScalarType.Int64: action.Run<long>(); break;
            default: throw ScalarTypes.Unsupported(type);
        }
    }

    private interface IFloatAction
    {
        void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>;
    }

    private interface INumberAction
    {
        void Run<T>() where T : unmanaged, INumber<T>;
    }

    public virtual void Fill(ScalarType type, void* y, Scalar value, long count)
    {
        long number;
        ScalarTypes.Write(value, type, &number);
        Copying.Row(type, (byte*)&number, 0, type, (byte*)y, 1, count);
    }

    public virtual void AddScaled(ScalarType type, void* y, void* x, double alpha, long count) => OverNumbers(type, new AddScaledLoop(y, x, alpha, count));

    private readonly struct AddScaledLoop(void* y, void* x, double alpha, long count) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>
        {
            T* a = (T*)x, b = (T*)y;
            var factor = T.CreateTruncating(alpha);
            for (long i = 0; i < count; i++)
                b[i] += factor * a[i];
        }
    }
}
