using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Cpu;

internal sealed unsafe partial class CpuBackend
{
    protected override void ChooseRow(int size, byte* condition, long strideCondition, byte* a, long strideA, byte* b, long strideB, byte* y, long strideY, long count)
    {
        switch (size)
        {
            case 1: Choose(condition, strideCondition, a, strideA, b, strideB, y, strideY, count); break;
            case 2: Choose(condition, strideCondition, (short*)a, strideA, (short*)b, strideB, (short*)y, strideY, count); break;
            case 4 when Avx2.IsSupported && strideCondition == 1 && strideA is 0 or 1 && strideB is 0 or 1 && strideY == 1: Blend(condition, (int*)a, strideA, (int*)b, strideB, (int*)y, count); break;
            case 4: Choose(condition, strideCondition, (int*)a, strideA, (int*)b, strideB, (int*)y, strideY, count); break;
            default: Choose(condition, strideCondition, (long*)a, strideA, (long*)b, strideB, (long*)y, strideY, count); break;
        }
    }

    private static void Choose<T>(byte* condition, long strideCondition, T* a, long strideA, T* b, long strideB, T* y, long strideY, long count) where T : unmanaged
    {
        for (long i = 0; i < count; i++)
            y[i * strideY] = condition[i * strideCondition] != 0 ? a[i * strideA] : b[i * strideB];
    }

    /// <summary>Eight conditions become eight masks; both sides are loaded and blended.</summary>
    private static void Blend(byte* condition, int* a, long strideA, int* b, long strideB, int* y, long count)
    {
        Vector256<int> first = Vector256.Create(*a), second = Vector256.Create(*b);
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            var no = Vector256.Equals(Avx2.ConvertToVector256Int32(condition + i), Vector256<int>.Zero);
            Vector256.ConditionalSelect(no, strideB == 0 ? second : Vector256.Load(b + i), strideA == 0 ? first : Vector256.Load(a + i)).Store(y + i);
        }
        Choose(condition + i, 1, a + i * strideA, strideA, b + i * strideB, strideB, y + i, 1, count - i);
    }
}
