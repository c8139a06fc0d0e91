using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Course.Jupyter.Messages;
using Course.Jupyter.Zmtp;
using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>
/// A Jupyter kernel over a session: five sockets, requests of the shell one after another, those of the control channel beside them.
/// Nothing that a client sends or a cell does ends it; only a shutdown request or <see cref="Stop"/> does.
/// </summary>
public sealed class JupyterKernel : IAsyncDisposable
{
    /// <summary>Requests that a front end sent together with a failing one arrive within this time.</summary>
    private static readonly TimeSpan AbortGrace = TimeSpan.FromMilliseconds(20);

    /// <summary>How long closing waits for requests that are being answered.</summary>
    private static readonly TimeSpan ClosingGrace = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock;
    private readonly RouterSocket _shell, _control, _stdinSocket;
    private readonly XPubSocket _iopubSocket;
    private readonly EchoSocket _heartbeat;
    private readonly WireFormat _wire;
    private readonly KernelLog _log;
    private readonly IOPub _iopub;
    private readonly StdinChannel _stdin;
    private readonly SessionHolder _sessions;
    private readonly CodeHandlers _code;
    private readonly ExecuteHandler _execute;
    private readonly History _history = new();
    private readonly UsageReport _usage;
    private readonly Queue<(JupyterMessage Request, bool Abandoned)> _waiting = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task[] _loops;

    /// <exception cref="ListenException">The connection's address or one of its ports cannot be had.</exception>
    public JupyterKernel(ConnectionFile connection, KernelOptions options)
    {
        _log = new(options.Log, options.Clock);
        _wire = new(connection.Key, _log.Write, options.Clock);
        _usage = new(options.Clock);
        _clock = options.Clock;
        ZmtpLimits limits = ZmtpLimits.Default with { Clock = _clock }, small = ZmtpLimits.Small with { Clock = _clock };
        _shell = new(limits, _log.Write);
        _control = new(limits, _log.Write);
        _stdinSocket = new(limits, _log.Write);
        _iopubSocket = new(small, _log.Write);
        _heartbeat = new(small, _log.Write);
        _iopub = new(_iopubSocket, _wire);
        _stdin = new(_stdinSocket, _wire);
        Listen(_iopubSocket, connection.IOPubPort, "iopub_port");
        Listen(_shell, connection.ShellPort, "shell_port");
        Listen(_control, connection.ControlPort, "control_port");
        Listen(_stdinSocket, connection.StdinPort, "stdin_port");
        Listen(_heartbeat, connection.HeartbeatPort, "hb_port");
        Connection = connection with
        {
            ShellPort = _shell.Port,
            IOPubPort = _iopubSocket.Port,
            ControlPort = _control.Port,
            StdinPort = _stdinSocket.Port,
            HeartbeatPort = _heartbeat.Port,
        };
        _sessions = new(options, Prepare, Lost);
        _code = new(_sessions);
        _execute = new(options, _sessions, _iopub, _stdin, _code, _history);
        _iopub.Status("starting", parent: null);
        _loops = [LoopAsync(ShellAsync), LoopAsync(ControlAsync), LoopAsync(() => _stdin.ReceiveAsync(_stopping.Token))];

        void Listen(ZmtpSocket socket, int port, string name)
        {
            try
            {
                socket.Bind(connection.Address, port);
            }
            catch (SocketException e)
            {
                throw new ListenException(connection.Address, port, name, e);
            }
        }
    }

    /// <summary>The connection with the ports that are really in use.</summary>
    public ConnectionFile Connection { get; }

    /// <summary>Completes when a client has asked for the shutdown and has been answered.</summary>
    public Task Stopped => _stopped.Task;

    public void Stop() => _stopped.TrySetResult();

    /// <summary>As an interrupt request does.</summary>
    public void Interrupt() => _execute.Interrupt();

    private void Prepare(ISession session)
    {
        session.InputRequested = _stdin.AskAsync;
        session.StrayOutput = output => _execute.Stray(output);
    }

    private void Lost(SessionEnd end)
    {
        _log.Write($"the session ended: {end.Message}");
        _execute.Stray(new StreamOutput("stderr", $"{end.Message}\nThe C# session is gone and all variables are lost; a new one starts.\n"));
    }

    private async Task LoopAsync(Func<Task> loop)
    {
        // Leave the constructor at once.
        await Task.Yield();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await loop().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _log.Write($"internal error: {e}");
            }
        }
    }

    private async Task ShellAsync()
    {
        while (true)
        {
            if (_waiting.TryDequeue(out var next))
            {
                await HandleAsync(_shell, next.Request, () => next.Abandoned ? Task.FromResult<JsonObject?>(_execute.Aborted()) : AnswerShellAsync(next.Request)).ConfigureAwait(false);
                continue;
            }
            var (identity, parts) = await _shell.ReceiveAsync(_stopping.Token).ConfigureAwait(false);
            if (Known(_shell, identity, parts) is { } request)
                await HandleAsync(_shell, request, () => AnswerShellAsync(request)).ConfigureAwait(false);
        }
    }

    private async Task ControlAsync()
    {
        while (true)
        {
            var (identity, parts) = await _control.ReceiveAsync(_stopping.Token).ConfigureAwait(false);
            if (Known(_control, identity, parts) is { } request)
                await HandleAsync(_control, request, () => Task.FromResult(AnswerControl(request))).ConfigureAwait(false);
        }
    }

    /// <summary>A request with a valid signature; its sender is known as a client from here on, also where it answers questions.</summary>
    private JupyterMessage? Known(RouterSocket socket, byte[] identity, IReadOnlyList<byte[]> parts)
    {
        if (_wire.Parse(identity, parts) is not { } request)
            return null;
        socket.Vouch(identity);
        _stdinSocket.Vouch(identity);
        return request;
    }

    /// <summary>Busy, the work, the reply, idle. A fault becomes an error reply, never the end of the kernel.</summary>
    private async Task HandleAsync(RouterSocket socket, JupyterMessage request, Func<Task<JsonObject?>> answer)
    {
        _iopub.Status("busy", request);
        JsonObject? reply;
        try
        {
            reply = request.IsTooLarge ? TooLarge(request) : await answer().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException)
                _log.Write($"{request.Type} failed: {e}");
            reply = IOPub.Error(new(e.GetType().Name, e.Message, [$"{e.GetType().Name}: {e.Message}"]));
            reply["status"] = "error";
        }
        if (reply is not null)
            socket.Send(request.Identity, _wire.Build(ReplyType(request), reply, request.HeaderBytes));
        if (request.Type == "shutdown_request" && reply is not null)
        {
            _iopub.Publish("shutdown_reply", (JsonObject)reply.DeepClone(), request);
            _stopped.TrySetResult();
        }
        _iopub.Status("idle", request);
    }

    private JsonObject TooLarge(JupyterMessage request)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"The message has more than {ZmtpLimits.Default.ProvenMessageBytes >> 20} MiB and was not read. Give the cell its data in a file.");
        _log.Write($"{request.Type}: {message}");
        var reply = IOPub.Error(new("MessageTooLarge", message, [message]));
        if (request.Type == "execute_request")
            _iopub.Publish("error", (JsonObject)reply.DeepClone(), request);
        reply["status"] = "error";
        return reply;
    }

    private static string ReplyType(JupyterMessage request) =>
        request.Type.EndsWith("_request", StringComparison.Ordinal) ? $"{request.Type[..^"_request".Length]}_reply" : $"{request.Type}_reply";

    private async Task<JsonObject?> AnswerShellAsync(JupyterMessage request)
    {
        switch (request.Type)
        {
            case "execute_request":
                var (reply, abort) = await _execute.ExecuteAsync(request).ConfigureAwait(false);
                if (abort)
                    await AbortWaitingAsync().ConfigureAwait(false);
                return reply;
            case "complete_request":
                return await _code.CompleteAsync(request).ConfigureAwait(false);
            case "inspect_request":
                return await _code.InspectAsync(request).ConfigureAwait(false);
            case "is_complete_request":
                return await _code.IsCompleteAsync(request).ConfigureAwait(false);
            case "history_request":
                return _history.Reply(request.Content);
            case "comm_info_request":
                return Comms.InfoReply();
            case "comm_open":
                Comms.Open(_iopub, request);
                return null;
            case "comm_msg" or "comm_close":
                return null;
            default:
                return AnswerControl(request);
        }
    }

    private JsonObject? AnswerControl(JupyterMessage request)
    {
        switch (request.Type)
        {
            case "kernel_info_request":
                return KernelInfo.Reply();
            case "connect_request":
                return new()
                {
                    ["status"] = "ok",
                    ["shell_port"] = Connection.ShellPort,
                    ["iopub_port"] = Connection.IOPubPort,
                    ["stdin_port"] = Connection.StdinPort,
                    ["hb_port"] = Connection.HeartbeatPort,
                    ["control_port"] = Connection.ControlPort,
                };
            case "interrupt_request":
                _execute.Interrupt();
                return new() { ["status"] = "ok" };
            case "shutdown_request":
                return new() { ["status"] = "ok", ["restart"] = request.Content.Flag("restart", false) };
            case "usage_request":
                return _usage.Reply(_sessions.Current?.ProcessId);
            default:
                _log.Write($"ignored a message of type {request.Type}");
                return null;
        }
    }

    /// <summary>What already waits behind a failed cell is abandoned, as a front end's "run all" expects; other requests keep their turn.</summary>
    private async Task AbortWaitingAsync()
    {
        await Task.Delay(AbortGrace, _clock).ConfigureAwait(false);
        for (int already = _waiting.Count; already > 0; already--)
            Keep(_waiting.Dequeue().Request);
        while (_shell.TryReceive(out var routed))
            if (_wire.Parse(routed.Identity, routed.Parts) is { } request)
                Keep(request);

        void Keep(JupyterMessage request) => _waiting.Enqueue((request, request.Type == "execute_request"));
    }

    /// <summary>Ends the session and everything it started, lets the last messages leave, closes the sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sessions.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops).WaitAsync(ClosingGrace, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(new ZmtpSocket[] { _shell, _control, _stdinSocket, _iopubSocket, _heartbeat }.Select(socket => socket.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
