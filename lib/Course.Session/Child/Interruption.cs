using Course.Kernel.Cells;

namespace Course.Session.Child;

/// <summary>
/// One run of a cell and the ways to stop it: the checks in its code, <see cref="Thread.Interrupt"/> for waits,
/// cancellation for the compiler, and, for waits that nothing reaches, leaving it behind.
/// </summary>
internal sealed class Interruption(int run) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Thread? _inUserCode;

    public int Run { get; } = run;

    public CancellationToken Token => _stop.Token;

    public bool IsRequested => _stop.IsCancellationRequested;

    /// <summary>Called from another thread.</summary>
    public void Request()
    {
        Guard.Interrupt(Run);
        lock (_gate)
        {
            _inUserCode?.Interrupt();
            _stop.Cancel();
        }
    }

    /// <summary>Starts user code on this thread and waits for all of it.</summary>
    /// <exception cref="CellInterruptedException">It was asked to stop.</exception>
    public object? Wait(Func<Task<object?>> start, TimeSpan patience)
    {
        Task<object?> task;
        Guard.Enter(Run);
        lock (_gate)
        {
            if (IsRequested)
                throw new CellInterruptedException();
            _inUserCode = Thread.CurrentThread;
        }
        try
        {
            task = start();
        }
        catch (ThreadInterruptedException) when (IsRequested)
        {
            throw new CellInterruptedException();
        }
        finally
        {
            LeaveUserCode();
        }

        // The part behind an await runs on other threads: wait for it here, or for the request to stop.
        if (!task.IsCompleted)
            WaitHandle.WaitAny([((IAsyncResult)task).AsyncWaitHandle, _stop.Token.WaitHandle]);
        if (!task.IsCompleted)
        {
            try
            {
                task.Wait(patience);
            }
            catch (AggregateException)
            {
                // Looked at below.
            }
        }
        if (!task.IsCompleted)
        {
            _ = task.ContinueWith(t => t.Exception, TaskContinuationOptions.OnlyOnFaulted);
            throw new CellInterruptedException();
        }
        if (IsRequested && task.Exception is { } stopped && stopped.Flatten().InnerExceptions.Any(e => e is ThreadInterruptedException or OperationCanceledException))
            throw new CellInterruptedException();
        return task.GetAwaiter().GetResult();
    }

    public void Dispose() => _stop.Dispose();

    private void LeaveUserCode()
    {
        lock (_gate)
            _inUserCode = null;
        try
        {
            // An interrupt that found no wait would hit the next one: take it now.
            Thread.Sleep(0);
        }
        catch (ThreadInterruptedException)
        {
        }
    }
}
