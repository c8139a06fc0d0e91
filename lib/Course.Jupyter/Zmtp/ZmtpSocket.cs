using System.Net;
using System.Net.Sockets;

namespace Course.Jupyter.Zmtp;

/// <summary>
/// What all socket types share: listening, connecting, handshakes with a time limit, one reading and one writing task for each connection.
/// Nothing that a peer sends can end the socket; it can only end its own connection.
/// </summary>
public abstract class ZmtpSocket : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<Task> _tasks = [];
    private readonly HashSet<ZmtpConnection> _connections = [];

    /// <summary>Those whose handshake is not over, the oldest first.</summary>
    private readonly List<Socket> _strangers = [];

    /// <summary>Those that have proven nothing since their handshake, the oldest first. Locked as <see cref="_strangers"/>.</summary>
    private readonly List<(ZmtpConnection Connection, Socket Socket)> _unproven = [];
    private readonly Action<string> _log;
    private Socket? _listener;
    private int _sockets;

    private protected ZmtpSocket(ZmtpLimits? limits, Action<string>? log)
    {
        Limits = limits ?? ZmtpLimits.Default;
        Budget = new(Limits.ReceiveBytes);
        _log = log ?? (_ => { });
    }

    private protected abstract string SocketType { get; }
    private protected abstract IReadOnlyCollection<string> PeerTypes { get; }
    private protected virtual byte[] Identity => [];
    private protected ZmtpLimits Limits { get; }
    internal ReceiveBudget Budget { get; }

    /// <summary>The port this socket listens on; 0 before <see cref="Bind"/>.</summary>
    public int Port { get; private set; }

    private protected CancellationToken Closing => _closing.Token;

    internal ZmtpConnection[] Connections
    {
        get
        {
            lock (_connections)
                return [.. _connections];
        }
    }

    private protected virtual void OnConnected(ZmtpConnection connection) { }
    private protected virtual void OnDisconnected(ZmtpConnection connection) { }

    /// <summary>Takes over a received message, whose bytes the budget still holds.</summary>
    private protected abstract ValueTask OnMessageAsync(ZmtpConnection connection, List<byte[]> message);

    /// <summary>Starts to listen; with <paramref name="port"/> 0 the system chooses one, see <see cref="Port"/>.</summary>
    /// <exception cref="SocketException">The port is taken or the address is not this machine's.</exception>
    public void Bind(IPAddress address, int port)
    {
        _listener = NewSocket(address);
        try
        {
            _listener.Bind(new IPEndPoint(address, port));
            _listener.Listen(128);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        Track(AcceptAsync(_listener));
    }

    private static Socket NewSocket(IPAddress address) => new(address.AddressFamily, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Connects to a listening socket, trying again while nobody listens there yet.</summary>
    public async Task ConnectAsync(IPAddress address, int port, CancellationToken cancel)
    {
        while (true)
        {
            var socket = NewSocket(address);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancel).ConfigureAwait(false);
                var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Interlocked.Increment(ref _sockets);
                Track(ServeAsync(socket, connected));
                await connected.Task.WaitAsync(cancel).ConfigureAwait(false);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                socket.Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(5), Limits.Clock, cancel).ConfigureAwait(false);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!Closing.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(Closing).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                // Out of file handles, or the peer left before we took its call: neither ends the listener.
                Log($"cannot accept a connection: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), Limits.Clock, Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            if (Interlocked.Increment(ref _sockets) > Limits.Connections && !EndOldest())
            {
                Interlocked.Decrement(ref _sockets);
                socket.Dispose();
                Log($"refused a connection: {Limits.Connections} are open");
                continue;
            }
            lock (_strangers)
                _strangers.Add(socket);
            Track(ServeAsync(socket, connected: null));
        }
    }

    /// <summary>Makes room: callers that say nothing must not keep out those that do.</summary>
    private bool EndOldest()
    {
        lock (_strangers)
        {
            if (_strangers.Count > 0)
            {
                _strangers[0].Dispose();
                _strangers.RemoveAt(0);
                return true;
            }
            if (_unproven.Count == 0)
                return false;
            _unproven[0].Socket.Dispose();
            _unproven.RemoveAt(0);
            return true;
        }
    }

    /// <summary>The peer keeps its connection when others want room, and may send longer messages.</summary>
    private protected void Prove(ZmtpConnection connection)
    {
        if (connection.IsProven)
            return;
        connection.IsProven = true;
        lock (_strangers)
            _unproven.RemoveAll(u => u.Connection == connection);
    }

    private async Task ServeAsync(Socket socket, TaskCompletionSource? connected)
    {
        // Leave the caller at once: the accept loop must not wait for a handshake.
        await Task.Yield();
        ZmtpConnection? connection = null;
        Task writing = Task.CompletedTask, reading = Task.CompletedTask;
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            var stream = new NetworkStream(socket, ownsSocket: true);
            using (var late = new CancellationTokenSource(Limits.Handshake, Limits.Clock))
            using (var handshake = CancellationTokenSource.CreateLinkedTokenSource(Closing, late.Token))
            {
                connection = await ZmtpConnection.HandshakeAsync(stream, SocketType, Identity, PeerTypes, Limits, Budget, handshake.Token).ConfigureAwait(false);
            }
            lock (_strangers)
            {
                _strangers.Remove(socket);
                if (connected is null)
                    _unproven.Add((connection, socket));
            }
            lock (_connections)
                _connections.Add(connection);
            OnConnected(connection);
            writing = connection.WriteAsync();
            connected?.TrySetResult();
            reading = ReadAsync(connection);
            await Task.WhenAny(reading, writing).ConfigureAwait(false);
            // On our own closing, the queued messages get their time to leave.
            if (Closing.IsCancellationRequested)
                await writing.WaitAsync(Limits.Linger, Limits.Clock).ConfigureAwait(false);
            else if (reading.IsCompleted)
                await reading.ConfigureAwait(false);
            else
                await writing.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            connected?.TrySetException(e);
            if (!Closing.IsCancellationRequested && e is ZmtpException)
                Log($"closed a connection: {e.Message}");
            else if (!Closing.IsCancellationRequested && connection is null)
                Log(e is OperationCanceledException
                    ? $"closed a connection: no handshake within {Limits.Handshake.TotalSeconds:0} s"
                    : $"a connection ended during its handshake: {e.Message}");
        }
        catch (Exception e)
        {
            // A fault of ours in one connection must be seen, and must not take the others down.
            connected?.TrySetException(e);
            Log($"internal error in a connection: {e}");
        }
        finally
        {
            socket.Dispose();
            lock (_strangers)
            {
                _strangers.Remove(socket);
                _unproven.RemoveAll(u => u.Socket == socket);
            }
            Interlocked.Decrement(ref _sockets);
            if (connection is not null)
            {
                connection.Complete();
                lock (_connections)
                    _connections.Remove(connection);
                OnDisconnected(connection);
                if (connection.Dropped > 0)
                    Log($"{connection} lost {connection.Dropped} messages that it did not read");
            }
            // Disposing the socket ends whichever of the two still runs, with an exception that says nothing new.
            await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(ZmtpConnection connection)
    {
        while (await connection.ReceiveAsync(Closing).ConfigureAwait(false) is { } message)
            await OnMessageAsync(connection, message).ConfigureAwait(false);
    }

    private protected void Log(string line) => _log($"{SocketType}: {line}");

    private void Track(Task task)
    {
        lock (_tasks)
            _tasks.Add(task);
        _ = task.ContinueWith(t =>
        {
            lock (_tasks)
                _tasks.Remove(t);
        }, TaskScheduler.Default);
    }

    /// <summary>Stops listening, lets queued messages leave for a moment, closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        foreach (var connection in Connections)
            connection.Complete();
        await _closing.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        Task[] tasks;
        lock (_tasks)
            tasks = [.. _tasks];
        await Task.WhenAll(tasks).WaitAsync(Limits.Linger * 2, Limits.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        GC.SuppressFinalize(this);
    }

    /// <summary>A bounded queue of received messages that gives their bytes back to the budget when they are taken.</summary>
    private protected static System.Threading.Channels.Channel<T> ReceiveQueue<T>(ZmtpLimits limits) =>
        System.Threading.Channels.Channel.CreateBounded<T>(limits.ReceiveMessages);

    private protected static int SizeOf(IReadOnlyList<byte[]> message)
    {
        int size = 0;
        foreach (byte[] part in message)
            size += part.Length;
        return size;
    }
}
