namespace Course.Serving;

/// <summary>
/// Lends memory for one input, whatever is in it. What came back last is lent first, because it is still in the processor's cache: with a
/// thousand clients all of it together is larger than that.
/// </summary>
/// <param name="size">Numbers of an input.</param>
/// <param name="most">How many are kept that nobody needs at the moment.</param>
internal sealed class InputPool(int size, int most)
{
    private readonly Stack<float[][]> _free = new();
    private readonly Lock _lock = new();

    public float[][] Get()
    {
        lock (_lock)
        {
            if (_free.TryPop(out float[][]? inputs))
                return inputs;
        }
        return [GC.AllocateUninitializedArray<float>(size)];
    }

    public void Return(float[][] inputs)
    {
        lock (_lock)
        {
            if (_free.Count < most)
                _free.Push(inputs);
        }
    }
}
