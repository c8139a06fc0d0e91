using System.Runtime.InteropServices;

namespace TorchSharp.Cpu;

/// <summary>
/// Working memory of a kernel: a few native buffers a thread, kept from call to call and grown when needed.
/// A kernel that calls another one uses other slots.
/// </summary>
internal sealed unsafe class Scratch
{
    [ThreadStatic] private static Scratch? _current;

    private readonly nint[] _buffers = new nint[Enum.GetValues<Slot>().Length];
    private readonly nuint[] _sizes = new nuint[Enum.GetValues<Slot>().Length];

    internal enum Slot { Left, Right, Tail, Table, Shifted, Weights, Gradient, Result, Mask, Columns, Offsets, Maps }

    /// <summary>At least <paramref name="count"/> elements at a 64-byte boundary, with one cache line more behind and before them; contents are undefined.</summary>
    public static T* Get<T>(Slot slot, long count) where T : unmanaged
    {
        var scratch = _current ??= new Scratch();
        nuint bytes = checked((nuint)count * (nuint)sizeof(T)) + 2 * Margin;
        if (scratch._sizes[(int)slot] < bytes)
        {
            NativeMemory.AlignedFree((void*)scratch._buffers[(int)slot]);
            scratch._sizes[(int)slot] = 0;
            bytes += bytes / 4;
            scratch._buffers[(int)slot] = (nint)NativeMemory.AlignedAlloc(bytes, 64);
            scratch._sizes[(int)slot] = bytes;
            NativeMemory.Clear((void*)scratch._buffers[(int)slot], bytes);
        }
        return (T*)(scratch._buffers[(int)slot] + (nint)Margin);
    }

    /// <summary>Kernels may read (never use) this many bytes outside what they asked for.</summary>
    private const nuint Margin = 256;

    ~Scratch()
    {
        foreach (nint buffer in _buffers)
            NativeMemory.AlignedFree((void*)buffer);
    }
}
