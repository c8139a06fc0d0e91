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

    private readonly Process process;
    private readonly MessageChannel channel;
    private readonly OutputMerger merger;
    private readonly ProcessMemory memory;
    private readonly SessionOptions options;
    private readonly Descendants descendants;
    private readonly ITimer? monitor;
    private readonly TaskCompletionSource<SessionEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<int, TaskCompletionSource<Message>> questions = [];
    private readonly Lock gate = new();
    private readonly Task[] pipes;
    private RunningCell? running;
    private int ids;
    private volatile bool stopping, outOfMemory;
    private string? lastWords;

    private sealed record RunningCell(int Id, Action<CellOutput> OnOutput, TaskCompletionSource<CellResult> Result, long StartedAt)
    {
        /// <summary>The 1-based line of its statement, where the session could tell.</summary>
        public int? Line { get; set; }
    }

    private SessionProcess(Process process, Socket socket, string token, string mark, SessionOptions options)
    {
        this.process = process;
        this.options = options;
        descendants = new Descendants(mark);
        channel = new MessageChannel(socket);
        merger = new OutputMerger(token, Deliver);
        memory = new ProcessMemory(process);
        pipes = [Pipe(0, process.StandardOutput.BaseStream), Pipe(1, process.StandardError.BaseStream)];
        Task.Factory.StartNew(Receive, TaskCreationOptions.LongRunning);
        // Where the system itself keeps the peak, only a limit needs samples.
        if (options.MemoryLimit is not null || !OperatingSystem.IsLinux())
            monitor = options.Clock.CreateTimer(_ => Watch(), null, SampleInterval, SampleInterval);
        _ = WaitForEnd();
    }

    public Task<SessionEnd> Ended => ended.Task;
    public int ProcessId => process.Id;
    public Action<CellOutput>? StrayOutput { get; set; }
    public Func<InputRequest, Task<string?>>? InputRequested { get; set; }

    /// <exception cref="SessionStartException">The process could not be started or did not answer in time.</exception>
    public static async Task<SessionProcess> StartAsync(SessionOptions options, CancellationToken cancel = default)
    {
        if (!Directory.Exists(options.WorkingDirectory))
            throw new SessionStartException($"the working directory {options.WorkingDirectory} does not exist");
        // Only this user may enter the folder, so only our child can connect.
        var folder = Directory.CreateTempSubdirectory("course-");
        var path = Path.Combine(folder.FullName, "s");
        var token = OutputMark.NewToken();
        var mark = Guid.NewGuid().ToString("N");
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
            var first = await Task.WhenAny(session.ready.Task, session.Ended, Task.Delay(Timeout.Infinite, limit.Token));
            if (first == session.ready.Task)
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
        var cell = new RunningCell(Interlocked.Increment(ref ids), onOutput, new(TaskCreationOptions.RunContinuationsAsynchronously), options.Clock.GetTimestamp());
        lock (gate)
        {
            if (running is not null)
                throw new InvalidOperationException("The session is running another cell.");
            running = cell;
        }
        memory.Reset();
        Send(new Execute(cell.Id, request));
        // The process may have ended before it could read this.
        if (Ended.IsCompleted)
            FinishDead(await Ended);
        return await cell.Result.Task;
    }

    public void Interrupt()
    {
        lock (gate)
        {
            if (running is not null)
                Send(new Interrupt(running.Id));
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
        stopping = true;
        ProcessRun.Kill(process);
        descendants.Kill();
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
        var buffer = new byte[1 << 16];
        var last = 0L;
        try
        {
            while (stream.Read(buffer) is > 0 and var count)
            {
                merger.Text(number, buffer.AsSpan(0, count));
                // Lines that follow each other fast cost less when many are read together. On Windows sleeps are long and pipes small.
                if (count < Burst && buffer[count - 1] != OutputMark.End && options.Clock.GetElapsedTime(last) < Gathering && !OperatingSystem.IsWindows())
                    Thread.Sleep(Gathering);
                last = options.Clock.GetTimestamp();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }
    }, TaskCreationOptions.LongRunning);

    private void Receive()
    {
        while (channel.Receive() is { } message)
        {
            switch (message)
            {
                case Hello when !options.StartWarm:
                case Warm:
                    ready.TrySetResult();
                    break;
                case Output output:
                    merger.Message(output.Mark, output);
                    break;
                case Done done:
                    merger.Message(done.Mark, done);
                    break;
                case NeedInput input:
                    merger.Message(input.Mark, input);
                    break;
                case Whereabouts { Line: > 0 } where:
                    lock (gate)
                    {
                        if (running?.Id == where.Id)
                            running.Line = where.Line;
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
                    lastWords = ProcessEnd.LastWords(words.Text) ?? lastWords;
                (running?.OnOutput ?? StrayOutput)?.Invoke(output.Content);
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
        lock (gate)
        {
            if (running is null || running.Id != id)
                return;
            cell = running;
            running = null;
        }
        cell.Result.TrySetResult(new CellResult(status, error, elapsed, memory.Peak()));
    }

    private async Task WaitForEnd()
    {
        await process.WaitForExitAsync();
        // Whether it was ended or died: what it started belongs to it.
        descendants.Kill();
        if (monitor is not null)
            await monitor.DisposeAsync();
        await Task.WhenAny(Task.WhenAll(pipes), Task.Delay(PipeGrace, options.Clock));
        merger.Drain();
        var end = new SessionEnd(process.ExitCode, stopping, outOfMemory
            ? $"the session was stopped because it used more than its memory limit of {options.MemoryLimit >> 20} MB"
            : ProcessEnd.Describe(process.ExitCode, lastWords));
        ended.TrySetResult(end);
        FinishDead(end);
        lock (gate)
        {
            foreach (var question in questions.Values)
                question.TrySetCanceled();
            questions.Clear();
        }
        channel.Dispose();
    }

    private void FinishDead(SessionEnd end)
    {
        if (running is not { } cell)
            return;
        var error = new ErrorOutput(outOfMemory ? "OutOfMemory" : "SessionDied", end.Message, [end.Message], cell.Line);
        if (!stopping)
            cell.OnOutput(error);
        Finish(cell.Id, outOfMemory ? CellStatus.OutOfMemory : CellStatus.Died, error, options.Clock.GetElapsedTime(cell.StartedAt));
    }

    private void Watch()
    {
        var used = memory.Sample();
        if (options.MemoryLimit is not { } limit || used <= limit || stopping)
            return;
        outOfMemory = true;
        ProcessRun.Kill(process);
    }

    private async Task<Message?> AskAsync(Func<int, Message> question, CancellationToken cancel)
    {
        var id = Interlocked.Increment(ref ids);
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
            questions[id] = answer;
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
            lock (gate)
                questions.Remove(id);
        }
    }

    private void Answer(int id, Message answer)
    {
        lock (gate)
        {
            if (questions.TryGetValue(id, out var question))
                question.TrySetResult(answer);
        }
    }

    private void Send(Message message)
    {
        try
        {
            channel.Send(message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The session is gone; whoever waits hears it from Ended.
        }
    }
}
