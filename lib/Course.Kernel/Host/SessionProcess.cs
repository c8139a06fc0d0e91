using Course.Kernel.Session;

namespace Course.Kernel.Host;

/// <summary>A session in a process of its own.</summary>
public sealed class SessionProcess : ISession
{
    SessionProcess() { }

    /// <exception cref="SessionStartException">The process could not be started or did not answer in time.</exception>
    public static Task<SessionProcess> StartAsync(SessionOptions options, CancellationToken cancel = default) => throw new NotImplementedException();

    public Task<SessionEnd> Ended => throw new NotImplementedException();
    public int ProcessId => throw new NotImplementedException();
    public Action<CellOutput>? StrayOutput { get; set; }
    public Func<InputRequest, Task<string?>>? InputRequested { get; set; }
    public Task<CellResult> ExecuteAsync(CellRequest request, Action<CellOutput> onOutput) => throw new NotImplementedException();
    public void Interrupt() => throw new NotImplementedException();
    public Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel = default) => throw new NotImplementedException();
    public Task<Inspection?> InspectAsync(string code, int position, CancellationToken cancel = default) => throw new NotImplementedException();
    public Task<Completeness> IsCompleteAsync(string code, CancellationToken cancel = default) => throw new NotImplementedException();
    public Task ShutdownAsync() => throw new NotImplementedException();
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>No session could be started.</summary>
public sealed class SessionStartException(string message, Exception? inner = null) : Exception(message, inner);
