using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>The session that runs the cells; when it ends by itself, the next one starts in the background at once.</summary>
internal sealed class SessionHolder : IAsyncDisposable
{
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(2);
    private readonly KernelOptions _options;
    private readonly Action<ISession> _prepare;
    private readonly Action<SessionEnd> _lost;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private Task<ISession> _current;

    /// <param name="prepare">Called with each new session before it runs anything.</param>
    /// <param name="lost">Called when a session ended that nobody asked to end.</param>
    public SessionHolder(KernelOptions options, Action<ISession> prepare, Action<SessionEnd> lost)
    {
        (_options, _prepare, _lost) = (options, prepare, lost);
        _current = Task.Run(StartAsync);
    }

    /// <summary>The session, if it is there and answers; never waits.</summary>
    public ISession? Current
    {
        get
        {
            lock (_lock)
                return _current is { IsCompletedSuccessfully: true, Result: var session } && !session.Ended.IsCompleted ? session : null;
        }
    }

    /// <exception cref="Exception">The session cannot be started; the next call tries again.</exception>
    public Task<ISession> GetAsync()
    {
        lock (_lock)
        {
            if (_current.IsFaulted || _current.IsCanceled || _current.IsCompletedSuccessfully && _current.Result.Ended.IsCompleted)
                _current = Task.Run(StartAsync);
            return _current;
        }
    }

    private async Task<ISession> StartAsync()
    {
        var session = await _options.StartSession(_closing.Token).ConfigureAwait(false);
        _prepare(session);
        _ = WatchAsync(session);
        return session;
    }

    private async Task WatchAsync(ISession session)
    {
        long started = _options.Clock.GetTimestamp();
        var end = await session.Ended.ConfigureAwait(false);
        if (_closing.IsCancellationRequested)
            return;
        // One that cannot live starts again when somebody asks, not for ever.
        if (_options.Clock.GetElapsedTime(started) > ShortestLife)
            _ = GetAsync();
        if (!end.Requested)
            _lost(end);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task<ISession> current;
        lock (_lock)
            current = _current;
        await ((Task)current).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (current.IsCompletedSuccessfully)
            await current.Result.DisposeAsync().ConfigureAwait(false);
    }
}
