namespace Course.Classroom.Hub;

/// <summary>What a learner's server and sessions may take together.</summary>
/// <param name="Memory">Bytes.</param>
/// <param name="Processes">Processes and threads.</param>
/// <param name="Processors">Of this machine; may be a fraction.</param>
/// <param name="File">Bytes of the largest file that a learner may write.</param>
public sealed record LearnerLimits(long Memory, int Processes, double Processors, long File);

/// <summary>What the hub's configuration reads beside the names. Each option is declared once, here, with its default.</summary>
public sealed record HubSettings
{
    /// <summary>Where browsers find the hub. Passwords cross the network as they are: put a proxy with TLS before any other address.</summary>
    public string Url { get; init; } = "http://127.0.0.1:8000";

    /// <summary>For the hub itself, behind its proxy, on 127.0.0.1.</summary>
    public int HubPort { get; init; } = 8081;

    /// <summary>For the proxy's own interface, on 127.0.0.1.</summary>
    public int ProxyPort { get; init; } = 8001;

    public LearnerLimits Limits { get; init; } = new(Memory: 1500L << 20, Processes: 512, Processors: 1, File: 1L << 30);

    /// <summary>Seconds after which a kernel that no browser looks at is ended.</summary>
    public int Idle { get; init; } = 1200;

    /// <summary>Of PBKDF2 over a drawn password.</summary>
    public int Iterations { get; init; } = Learners.Iterations;

    /// <summary>For learners' servers and sessions.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
