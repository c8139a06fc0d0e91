using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Course.Cli.Serving;

/// <summary>Debian's HAProxy as the proxy: a process of its own, told over its socket which replicas there are.</summary>
internal sealed class HaproxyFront : IFront
{
    private const int Places = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly Process _process;

    private HaproxyFront(string folder, Process process, Uri url) => (_folder, _process, Url) = (folder, process, url);

    /// <summary>Null when it is not installed.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, "haproxy")).FirstOrDefault(File.Exists);

    public string Name => "HAProxy";

    public Uri Url { get; }

    private string Control => Path.Combine(_folder, "control");

    /// <exception cref="IOException">It does not start.</exception>
    public static async Task<HaproxyFront> StartAsync(CancellationToken cancel)
    {
        string program = Program ?? throw new IOException("HAProxy is not installed (Debian: apt-get install haproxy).");
        string folder = Directory.CreateTempSubdirectory("course-front-").FullName;
        int port = FreePort();
        string file = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(file, $"""
            global
                stats socket {Path.Combine(folder, "control")} mode 600 level admin
            defaults
                mode http
                timeout connect 1s
                timeout client 30s
                timeout server 5s
                retries 3
                option redispatch 1
                retry-on conn-failure empty-response junk-response response-timeout 502 503 504
            frontend front
                bind 127.0.0.1:{port}
                default_backend replicas
            backend replicas
                balance roundrobin
                server-template replica 1-{Places} 127.0.0.1:1 disabled

            """, cancel);
        var front = new HaproxyFront(folder, Process.Start(new ProcessStartInfo(program, ["-db", "-q", "-f", file]))!, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            var clock = Stopwatch.StartNew();
            while (!File.Exists(front.Control))
            {
                if (front._process.HasExited || clock.Elapsed > Patience)
                    throw new IOException("HAProxy did not start; see its message above.");
                await Task.Delay(10, cancel);
            }
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    public async Task UseAsync(IReadOnlyList<Uri> replicas)
    {
        if (replicas.Count > Places)
            throw new ArgumentException($"{replicas.Count} replicas; HAProxy is set up for {Places}.");
        var taken = Addresses(await AskAsync("show servers state replicas"));
        // A place keeps its replica, so that requests under way are not disturbed; those that are gone make room first.
        foreach (var (place, port) in taken)
            if (port is { } old && replicas.All(replica => replica.Port != old))
                await AskAsync($"set server replicas/replica{place} state maint");
        var free = new Queue<int>(taken.Where(one => one.Port is null || replicas.All(replica => replica.Port != one.Port)).Select(one => one.Place));
        foreach (var replica in replicas.Where(replica => taken.All(one => one.Port != replica.Port)))
        {
            int place = free.Dequeue();
            await AskAsync($"set server replicas/replica{place} addr {replica.Host} port {replica.Port}");
            await AskAsync($"set server replicas/replica{place} state ready");
        }
    }

    public async Task<int> RetriedAsync()
    {
        string[][] lines = [.. (await AskAsync("show stat")).Split('\n').Select(line => line.Split(','))];
        string[] backend = lines.First(cells => cells is ["replicas", "BACKEND", ..]);
        // A request whose connection failed goes to another replica at once and counts as dispatched again; one whose answer failed, as retried.
        return new[] { "wretr", "wredis" }.Sum(column => int.Parse(backend[Array.IndexOf(lines[0], column)], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ports of the places that are in use; null where there is none.</summary>
    private static List<(int Place, int? Port)> Addresses(string state)
    {
        string[] lines = state.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] names = lines.First(line => line.StartsWith('#'))[2..].Split(' ');
        int Column(string name) => Array.IndexOf(names, name);
        return [.. lines.Select(line => line.Split(' ')).Where(cells => cells.Length > 5 && cells[Column("be_name")] == "replicas").Select(cells =>
        {
            // Bit 1 of the administrative state says that it is out of service.
            bool isOut = (int.Parse(cells[Column("srv_admin_state")], CultureInfo.InvariantCulture) & 1) != 0;
            return (int.Parse(cells[Column("srv_name")]["replica".Length..], CultureInfo.InvariantCulture), isOut ? (int?)null : int.Parse(cells[Column("srv_port")], CultureInfo.InvariantCulture));
        })];
    }

    private async Task<string> AskAsync(string command)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Control), limit.Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(command + "\n"), limit.Token);
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        return await reader.ReadToEndAsync(limit.Token);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
