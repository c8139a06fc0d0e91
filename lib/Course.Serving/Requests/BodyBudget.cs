namespace Course.Serving;

/// <summary>How many bytes of long bodies may be in memory at a time: taken before a body is read, given back afterwards.</summary>
internal sealed class BodyBudget(long bytes)
{
    private long _left = bytes;

    /// <summary>Bytes that nobody has taken.</summary>
    public long Left => Volatile.Read(ref _left);

    /// <returns>False, and nothing is taken, when not so many are left.</returns>
    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _left, -count) >= 0)
            return true;
        Interlocked.Add(ref _left, count);
        return false;
    }

    public void Return(long count) => Interlocked.Add(ref _left, count);
}
