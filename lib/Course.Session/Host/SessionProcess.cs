using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Course.Base;
using Course.Session.Contract;
using Course.Session.Contract.Protocol;

namespace Course.Session.Host;

/// <summary>A session in a process of its own.</summary>
public sealed class SessionProcess : ISession
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long output may still come after the end of the process: a child of it may hold the pipe open.</summary>
    private static readonly TimeSpan PipeGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>How long to wait for more of a text that comes in small pieces, and from how many bytes on not to wait.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(1);
    private const int Burst = 4096;

    private readonly Process _process;
    private readonly MessageChannel _channel;
    private readonly OutputMerger _merger;
    private readonly ProcessMemory _memory;
    private readonly SessionOptions _options;
    private readonly Descendants _descendants;
    private readonly ITimer? _monitor;
    private readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<int, TaskCompletionSource<Message>> _questions = [];
    private readonly Lock _gate = new();
    private readonly Task[] _pipes;
    private RunningCell? _running;
    private int _ids;
    private volatile bool _stopping, _outOfMemory;
    private string? _lastWords;

    private sealed record RunningCell(int Id, Action<CellOutput> OnOutput, TaskCompletionSource<CellResult> Result, long StartedAt)
    {
        /// <summary>The 1-based line of its statement, where the session could tell.</summary>
        public int? Line { get; set; }
    }

    private SessionProcess(Process process, Socket socket, string token, string mark, SessionOptions options)
    {
        _process = process;
        _options = options;
        _descendants = new Descendants(mark);
        _channel = new MessageChannel(socket);
        _merger = new OutputMerger(token, Deliver);
        _memory = new ProcessMemory(process);
        _pipes = [Pipe(0, process.StandardOutput.BaseStream), Pipe(1, process.StandardError.BaseStream)];
        Task.Factory.StartNew(Receive, TaskCreationOptions.LongRunning);
        // Where the system itself keeps the peak, only a limit needs samples.
        if (options.MemoryLimit is not null || !OperatingSystem.IsLinux())
            _monitor = options.Clock.CreateTimer(_ => Watch(), null, SampleInterval, SampleInterval);
        _ = WaitForEnd();
    }

    public Task<SessionEnd> Ended => _ended.Task;
    public int ProcessId => _process.Id;
    public Action<CellOutput>? StrayOutput { get; set; }
    public Func<InputRequest, Task<string?>>? InputRequested { get; set; }

    /// <exception cref="SessionStartException">The process could not be started or did not answer in time.</exception>
    public static async Task<SessionProcess> StartAsync(SessionOptions options, CancellationToken cancel = default)
    {
        if (!Directory.Exists(options.WorkingDirectory))
            throw new SessionStartException($"the working directory {options.WorkingDirectory} does not exist");
        // Only this user may enter the folder, so only our child can connect.
        var folder = Directory.CreateTempSubdirectory("course-");
        string path = Path.Combine(folder.FullName, "s");
        string token = OutputMark.NewToken();
        string mark = Guid.NewGuid().ToString("N");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Process? process = null;
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            var start = StartInfo(options, path, token);
            start.Environment[CourseVariables.Session] = mark;
            process = Process.Start(start)!;
            process.StandardInput.Close();
            using var late = new CancellationTokenSource(options.StartLimit, options.Clock);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
            var accept = listener.AcceptAsync(limit.Token).AsTask();
            var exit = process.WaitForExitAsync(limit.Token);
            if (await Task.WhenAny(accept, exit) != accept && exit.IsCompletedSuccessfully)
                throw new SessionStartException($"the session ended at its start with exit code {process.ExitCode}: {(await process.StandardError.ReadToEndAsync(cancel)).Trim()} {SessionStartException.Advice}");
            var session = new SessionProcess(process, await accept, token, mark, options);
            process = null;
            var first = await Task.WhenAny(session._ready.Task, session.Ended, Task.Delay(Timeout.Infinite, limit.Token));
            if (first == session._ready.Task)
                return session;
            await session.DisposeAsync();
            if (first == session.Ended)
                throw new SessionStartException($"the session ended at its start: {(await session.Ended).Message} {SessionStartException.Advice}");
            throw new OperationCanceledException();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SessionStartException($"the session did not answer within {options.StartLimit.TotalSeconds:0} s. {SessionStartException.Advice}");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or SocketException or IOException)
        {
            throw new SessionStartException($"the session could not be started: {e.Message} {SessionStartException.Advice}", e);
        }
        finally
        {
            if (process is not null)
                ProcessRun.Kill(process);
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException)
            {
                // A leftover in the temporary folder harms nobody.
            }
        }
    }

    public async Task<CellResult> ExecuteAsync(CellRequest request, Action<CellOutput> onOutput)
    {
        var cell = new RunningCell(Interlocked.Increment(ref _ids), onOutput, new(TaskCreationOptions.RunContinuationsAsynchronously), _options.Clock.GetTimestamp());
        lock (_gate)
        {
            if (_running is not null)
                throw new InvalidOperationException("The session is running another cell.");
            _running = cell;
        }
        _memory.Reset();
        Send(new Execute(cell.Id, request));
        // The process may have ended before it could read this.
        if (Ended.IsCompleted)
            FinishDead(await Ended);
        return await cell.Result.Task;
    }

    public void Interrupt()
    {
        lock (_gate)
        {
            if (_running is not null)
                Send(new Interrupt(_running.Id));
        }
    }

    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel = default) =>
        await AskAsync(id => new Complete(id, code, position), cancel) is Completed answer ? answer.Completions : new Completions(position, position, []);

    public async Task<Inspection?> InspectAsync(string code, int position, CancellationToken cancel = default) =>
        await AskAsync(id => new Inspect(id, code, position), cancel) is Inspected answer ? answer.Inspection : null;

    public async Task<Completeness> IsCompleteAsync(string code, CancellationToken cancel = default) =>
        await AskAsync(id => new IsComplete(id, code), cancel) is CompletenessKnown answer ? answer.Completeness : Completeness.Complete;

    public async Task ShutdownAsync()
    {
        _stopping = true;
        ProcessRun.Kill(_process);
        _descendants.Kill();
        await Ended;
    }

    public async ValueTask DisposeAsync() => await ShutdownAsync();

    private static ProcessStartInfo StartInfo(SessionOptions options, string socketPath, string token)
    {
        string[] command = [.. options.Launcher, DotNetHost.Path, "exec", options.Program ?? SessionProgram.Path, "session", socketPath, token];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = options.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        // A killed process would leave its diagnostics socket behind.
        start.Environment["DOTNET_EnableDiagnostics_IPC"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (options.MemoryLimit is { } bytes)
            start.Environment["DOTNET_GCHeapHardLimit"] = bytes.ToString("x", CultureInfo.InvariantCulture);
        foreach (var (name, value) in options.Environment)
            start.Environment[name] = value;
        HiddenCaches.Protect(start.Environment);
        return start;
    }

    private Task Pipe(int number, Stream stream) => Task.Factory.StartNew(() =>
    {
        byte[] buffer = new byte[1 << 16];
        long last = 0L;
        try
        {
            while (stream.Read(buffer) is > 0 and var count)
            {
                _merger.Text(number, buffer.AsSpan(0, count));
                // Lines that follow each other fast cost less when many are read together. On Windows sleeps are long and pipes small.
                if (count < Burst && buffer[count - 1] != OutputMark.End && _options.Clock.GetElapsedTime(last) < Gathering && !OperatingSystem.IsWindows())
                    Thread.Sleep(Gathering);
                last = _options.Clock.GetTimestamp();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }
    }, TaskCreationOptions.LongRunning);

    private void Receive()
    {
        while (_channel.Receive() is { } message)
        {
            switch (message)
            {
                case Hello when !_options.StartWarm:
                case Warm:
                    _ready.TrySetResult();
                    break;
                case Output output:
                    _merger.Message(output.Mark, output);
                    break;
                case Done done:
                    _merger.Message(done.Mark, done);
                    break;
                case NeedInput input:
                    _merger.Message(input.Mark, input);
                    break;
                case Whereabouts { Line: > 0 } where:
                    lock (_gate)
                    {
                        if (_running?.Id == where.Id)
                            _running.Line = where.Line;
                    }
                    break;
                case Completed answer:
                    Answer(answer.Id, answer);
                    break;
                case Inspected answer:
                    Answer(answer.Id, answer);
                    break;
                case CompletenessKnown answer:
                    Answer(answer.Id, answer);
                    break;
            }
        }
    }

    /// <summary>Called by the merger, one message at a time, in order.</summary>
    private void Deliver(Message message)
    {
        switch (message)
        {
            case Output output:
                if (output.Content is StreamOutput { Name: "stderr" } words)
                    _lastWords = ProcessEnd.LastWords(words.Text) ?? _lastWords;
                (_running?.OnOutput ?? StrayOutput)?.Invoke(output.Content);
                break;
            case Done done:
                Finish(done.Id, done.Status, done.Error, TimeSpan.FromSeconds(done.Seconds));
                break;
            case NeedInput input:
                _ = AnswerInput(input);
                break;
        }
    }

    private async Task AnswerInput(NeedInput input)
    {
        string? text = null;
        if (InputRequested is { } ask)
            text = await ask(new InputRequest(input.Prompt, input.IsPassword));
        Send(new Input(input.Mark, text));
    }

    private void Finish(int id, CellStatus status, ErrorOutput? error, TimeSpan elapsed)
    {
        RunningCell cell;
        lock (_gate)
        {
            if (_running is null || _running.Id != id)
                return;
            cell = _running;
            _running = null;
        }
        cell.Result.TrySetResult(new CellResult(status, error, elapsed, _memory.Peak()));
    }

    private async Task WaitForEnd()
    {
        await _process.WaitForExitAsync();
        // Whether it was ended or died: what it started belongs to it.
        _descendants.Kill();
        if (_monitor is not null)
            await _monitor.DisposeAsync();
        await Task.WhenAny(Task.WhenAll(_pipes), Task.Delay(PipeGrace, _options.Clock));
        _merger.Drain();
        var end = new SessionEnd(_process.ExitCode, _stopping, _outOfMemory
            ? $"the session was stopped because it used more than its memory limit of {_options.MemoryLimit >> 20} MB"
            : ProcessEnd.Describe(_process.ExitCode, _lastWords));
        _ended.TrySetResult(end);
        FinishDead(end);
        lock (_gate)
        {
            foreach (var question in _questions.Values)
                question.TrySetCanceled();
            _questions.Clear();
        }
        _channel.Dispose();
    }

    private void FinishDead(SessionEnd end)
    {
        if (_running is not { } cell)
            return;
        var error = new ErrorOutput(_outOfMemory ? "OutOfMemory" : "SessionDied", end.Message, [end.Message], cell.Line);
        if (!_stopping)
            cell.OnOutput(error);
        Finish(cell.Id, _outOfMemory ? CellStatus.OutOfMemory : CellStatus.Died, error, _options.Clock.GetElapsedTime(cell.StartedAt));
    }

    private void Watch()
    {
        long used = _memory.Sample();
        if (_options.MemoryLimit is not { } limit || used <= limit || _stopping)
            return;
        _outOfMemory = true;
        ProcessRun.Kill(_process);
    }

    private async Task<Message?> AskAsync(Func<int, Message> question, CancellationToken cancel)
    {
        int id = Interlocked.Increment(ref _ids);
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _questions[id] = answer;
        Send(question(id));
        try
        {
            return await answer.Task.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            lock (_gate)
                _questions.Remove(id);
        }
    }

    private void Answer(int id, Message answer)
    {
        lock (_gate)
        {
            if (_questions.TryGetValue(id, out var question))
                question.TrySetResult(answer);
        }
    }

    private void Send(Message message)
    {
        try
        {
            _channel.Send(message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The session is gone; whoever waits hears it from Ended.
        }
    }
}
