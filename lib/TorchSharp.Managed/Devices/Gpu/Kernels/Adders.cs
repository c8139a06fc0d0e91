using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>Adds where many threads may add at the same time: the devices have an instruction for each of these types.</summary>
internal interface IAdder<T> where T : unmanaged
{
    static abstract void Add(ArrayView<T> y, long at, T value);
}

internal static class Adders
{
    internal struct Float32 : IAdder<float>
    {
        public static void Add(ArrayView<float> y, long at, float value) => Atomic.Add(ref y[at], value);
    }

    internal struct Float64 : IAdder<double>
    {
        public static void Add(ArrayView<double> y, long at, double value) => Atomic.Add(ref y[at], value);
    }

    internal struct Int32 : IAdder<int>
    {
        public static void Add(ArrayView<int> y, long at, int value) => Atomic.Add(ref y[at], value);
    }

    internal struct Int64 : IAdder<long>
    {
        public static void Add(ArrayView<long> y, long at, long value) => Atomic.Add(ref y[at], value);
    }
}
