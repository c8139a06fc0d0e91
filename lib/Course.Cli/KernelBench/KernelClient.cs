using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Course.Base;
using Course.Jupyter.Messages;
using Course.Jupyter.Zmtp;

namespace Course.Cli.KernelBench;

/// <summary>A kernel's process and a front end's connections to it, as little more than a stopwatch needs.</summary>
internal sealed class KernelClient : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private readonly CancellationTokenSource _limit;
    private readonly DealerSocket _shell = new("bench"u8.ToArray());
    private readonly DealerSocket _control = new("bench"u8.ToArray());
    private readonly SubSocket _iopub = new([[]]);
    private readonly WireFormat _wire;
    private readonly string _file;

    private KernelClient(Process process, ConnectionFile connection, string file, CancellationToken cancel)
    {
        _limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _limit.CancelAfter(Longest);
        (Process, _file) = (process, file);
        _wire = new(connection.Key);
    }

    public Process Process { get; }

    /// <summary>Starts the program of a kernel specification; returns when it has answered a kernel_info request on both channels.</summary>
    public static async Task<(KernelClient Client, TimeSpan Info)> StartAsync(IReadOnlyList<string> argv, CancellationToken cancel)
    {
        int[] ports = FreePorts(5);
        var connection = ConnectionFile.Create() with { ShellPort = ports[0], IOPubPort = ports[1], StdinPort = ports[2], ControlPort = ports[3], HeartbeatPort = ports[4] };
        string file = Path.Combine(Path.GetTempPath(), $"course-bench-{Guid.NewGuid():N}.json");
        connection.Write(file);
        var start = new ProcessStartInfo(argv[0], argv.Skip(1).Select(argument => argument.Replace("{connection_file}", file, StringComparison.Ordinal)))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var client = new KernelClient(process, connection, file, cancel);
        try
        {
            await client.ConnectAsync(connection);
            var info = clock.Elapsed;
            // A subscription needs a moment to arrive: ask until the publisher is heard.
            var heard = client._iopub.ReceiveAsync(client._limit.Token).AsTask();
            while (await Task.WhenAny(heard, Task.Delay(10, cancel)) != heard)
                await client.RequestAsync("kernel_info_request", []);
            await heard;
            return (client, info);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    private async Task ConnectAsync(ConnectionFile connection)
    {
        await Task.WhenAll(
            _iopub.ConnectAsync(IPAddress.Loopback, connection.IOPubPort, _limit.Token),
            _shell.ConnectAsync(IPAddress.Loopback, connection.ShellPort, _limit.Token),
            _control.ConnectAsync(IPAddress.Loopback, connection.ControlPort, _limit.Token));
        await RequestAsync("kernel_info_request", []);
    }

    /// <summary>Runs a cell; returns the time to its result, the time to reply and idle, and the text that it printed.</summary>
    public async Task<(TimeSpan? Result, TimeSpan Done, string Text, int Messages)> ExecuteAsync(string code)
    {
        var clock = Stopwatch.StartNew();
        string id = Send("execute_request", new()
        {
            ["code"] = code,
            ["silent"] = false,
            ["store_history"] = true,
            ["user_expressions"] = new JsonObject(),
            ["allow_stdin"] = false,
            ["stop_on_error"] = true,
        });
        TimeSpan? result = null;
        var text = new System.Text.StringBuilder();
        int messages = 0;
        while (true)
        {
            if (_wire.Parse([], await _iopub.ReceiveAsync(_limit.Token)) is not { } message || message.ParentId != id)
                continue;
            messages++;
            if (message.Type == "execute_result")
                result = clock.Elapsed;
            else if (message.Type == "stream")
                text.Append(message.Content.Text("text"));
            else if (message.Type == "error")
                throw new InvalidOperationException($"The kernel reports an error: {message.Content}");
            else if (message.Type == "status" && message.Content.Text("execution_state") == "idle")
                break;
        }
        await ReplyAsync(_shell, id);
        return (result, clock.Elapsed, text.ToString(), messages);
    }

    /// <summary>Asks what may follow at the end of <paramref name="code"/>; returns the time to the answer.</summary>
    /// <exception cref="InvalidOperationException">Nothing may: the kernel has not understood the code.</exception>
    public async Task<TimeSpan> CompleteAsync(string code)
    {
        var clock = Stopwatch.StartNew();
        var reply = await ReplyAsync(_shell, Send("complete_request", new() { ["code"] = code, ["cursor_pos"] = code.Length }));
        return reply.Content.TryGetProperty("matches", out var matches) && matches.GetArrayLength() > 0 ? clock.Elapsed
            : throw new InvalidOperationException($"The kernel completes '{code}' by nothing.");
    }

    /// <summary>Resident memory of the kernel's own process, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            Process.Refresh();
            return Process.WorkingSet64;
        }
    }

    /// <summary>Resident memory of the kernel with its session, in bytes.</summary>
    public async Task<long> MemoryAsync()
    {
        var frames = _wire.Build("usage_request", []);
        _control.Send(frames);
        var reply = await ReplyAsync(_control, WireFormat.IdOf(frames));
        return reply.Content.TryGetProperty("content", out var nested) && nested.TryGetProperty("kernel_memory", out var inner) ? inner.GetInt64()
            : reply.Content.TryGetProperty("kernel_memory", out var memory) ? memory.GetInt64()
            : Process.WorkingSet64;
    }

    private async Task RequestAsync(string type, JsonObject content) => await ReplyAsync(_shell, Send(type, content));

    private string Send(string type, JsonObject content)
    {
        var frames = _wire.Build(type, content);
        _shell.Send(frames);
        return WireFormat.IdOf(frames);
    }

    private async Task<JupyterMessage> ReplyAsync(DealerSocket socket, string id)
    {
        while (true)
            if (_wire.Parse([], await socket.ReceiveAsync(_limit.Token)) is { } reply && reply.ParentId == id)
                return reply;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        int[] ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }

    public async ValueTask DisposeAsync()
    {
        _control.Send(_wire.Build("shutdown_request", new() { ["restart"] = false }));
        try
        {
            await Process.WaitForExitAsync(_limit.Token).WaitAsync(TimeSpan.FromSeconds(5), _limit.Token);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            ProcessRun.Kill(Process);
        }
        await _shell.DisposeAsync();
        await _control.DisposeAsync();
        await _iopub.DisposeAsync();
        File.Delete(_file);
        Process.Dispose();
        _limit.Dispose();
    }
}
