using System.Runtime.InteropServices;

namespace TorchSharp.Managed.Tests.Cpu;

/// <summary>Native memory for a kernel test, with a guard behind it that must not be written.</summary>
internal sealed unsafe class Native<T> : IDisposable where T : unmanaged
{
    private const int Guard = 64;
    private readonly long _count;

    public Native(long count)
    {
        _count = count;
        Data = (T*)NativeMemory.AlignedAlloc((nuint)((count + Guard) * sizeof(T)), 64);
        new Span<byte>(Data + count, Guard * sizeof(T)).Fill(0x5A);
    }

    public T* Data { get; }

    public Span<T> Span => new(Data, (int)_count);

    public bool GuardIntact => !new Span<byte>(Data + _count, Guard * sizeof(T)).ContainsAnyExcept((byte)0x5A);

    public void Dispose() => NativeMemory.AlignedFree(Data);
}

internal static class Fill
{
    public static Native<T> Random<T>(System.Random random, long count) where T : unmanaged, System.Numerics.INumber<T>
    {
        var memory = new Native<T>(count);
        foreach (ref var value in memory.Span)
            value = T.CreateChecked(random.NextDouble() * 2 - 1);
        return memory;
    }
}
