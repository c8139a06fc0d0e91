namespace Course.Serving;

/// <summary>A part of the <see cref="BodyBudget"/> that one request holds.</summary>
internal sealed class BudgetLease(BodyBudget budget, long bytes) : IDisposable
{
    private long _bytes = bytes;

    /// <summary>Gives back what turned out not to be needed.</summary>
    public void ShrinkTo(long bytes)
    {
        if (bytes >= _bytes)
            return;
        budget.Return(_bytes - bytes);
        _bytes = bytes;
    }

    public void Dispose() => ShrinkTo(0);
}
