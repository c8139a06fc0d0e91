namespace TorchSharp;

/// <summary>Counts of what this thread created and disposed: a tensor count that grows from step to step is a leak.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static ThreadDisposeScopeStatistics? _statistics;

    public static ThreadDisposeScopeStatistics Statistics => _statistics ??= new ThreadDisposeScopeStatistics();
}

public class ThreadDisposeScopeStatistics
{
    public LifetimeStatistics TensorStatistics { get; } = new();

    public LifetimeStatistics PackedSequenceStatistics { get; } = new();

    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount + PackedSequenceStatistics.CreatedOutsideScopeCount;

    public long DisposedOutsideScopeCount => TensorStatistics.DisposedOutsideScopeCount + PackedSequenceStatistics.DisposedOutsideScopeCount;

    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount + PackedSequenceStatistics.CreatedInScopeCount;

    public long DisposedInScopeCount => TensorStatistics.DisposedInScopeCount + PackedSequenceStatistics.DisposedInScopeCount;

    public long AttachedToScopeCount => TensorStatistics.AttachedToScopeCount + PackedSequenceStatistics.AttachedToScopeCount;

    public long DetachedFromScopeCount => TensorStatistics.DetachedFromScopeCount + PackedSequenceStatistics.DetachedFromScopeCount;

    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount + PackedSequenceStatistics.ThreadTotalLiveCount;

    public void Reset()
    {
        TensorStatistics.Reset();
        PackedSequenceStatistics.Reset();
    }

    public override string ToString() => $"ThreadTotalLiveCount: {ThreadTotalLiveCount}; CreatedInScopeCount: {CreatedInScopeCount}; DisposedInScopeCount: {DisposedInScopeCount}; " +
        $"CreatedOutsideScopeCount: {CreatedOutsideScopeCount}; DisposedOutsideScopeCount: {DisposedOutsideScopeCount}; DetachedFromScopeCount: {DetachedFromScopeCount}; AttachedToScopeCount: {AttachedToScopeCount}";
}

public class LifetimeStatistics
{
    public long CreatedOutsideScopeCount { get; private set; }

    public long DisposedOutsideScopeCount { get; private set; }

    public long CreatedInScopeCount { get; private set; }

    public long DisposedInScopeCount { get; private set; }

    public long AttachedToScopeCount { get; private set; }

    public long DetachedFromScopeCount { get; private set; }

    public long ThreadTotalLiveCount => CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    internal void Created(bool inScope)
    {
        if (inScope)
            CreatedInScopeCount++;
        else
            CreatedOutsideScopeCount++;
    }

    /// <summary>What was counted as created turns out to be an operation's temporary.</summary>
    internal void NotCreated(bool inScope)
    {
        if (inScope)
            CreatedInScopeCount--;
        else
            CreatedOutsideScopeCount--;
    }

    internal void Disposed(bool inScope)
    {
        if (inScope)
            DisposedInScopeCount++;
        else
            DisposedOutsideScopeCount++;
    }

    internal void Attached() => AttachedToScopeCount++;

    internal void Detached() => DetachedFromScopeCount++;

    public void Reset() => CreatedOutsideScopeCount = DisposedOutsideScopeCount = CreatedInScopeCount = DisposedInScopeCount = AttachedToScopeCount = DetachedFromScopeCount = 0;

    public override string ToString() => $"ThreadTotalLiveCount: {ThreadTotalLiveCount}; CreatedInScopeCount: {CreatedInScopeCount}; DisposedInScopeCount: {DisposedInScopeCount}; " +
        $"CreatedOutsideScopeCount: {CreatedOutsideScopeCount}; DisposedOutsideScopeCount: {DisposedOutsideScopeCount}; DetachedFromScopeCount: {DetachedFromScopeCount}; AttachedToScopeCount: {AttachedToScopeCount}";
}
