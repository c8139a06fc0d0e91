using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Course.Serving;

/// <summary>Limits of a <see cref="PredictionService"/>. Each one turns an overload into a clear answer instead of a slow death.</summary>
public sealed record ServiceOptions
{
    /// <summary>0 lets the operating system choose a free one; <see cref="PredictionService.Url"/> tells which.</summary>
    public int Port { get; init; }

    /// <summary>Where to listen. Beyond this machine's loopback address only with <see cref="Certificate"/> and <see cref="Keys"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// Where gRPC (the Open Inference Protocol over HTTP/2) is spoken without TLS; 0 lets the operating system choose. Null: nowhere. With
    /// <see cref="Certificate"/> it must be null, because then gRPC is spoken at <see cref="Port"/>, too.
    /// </summary>
    public int? GrpcPort { get; init; }

    /// <summary>With it the service speaks HTTPS only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who may ask. Null: everybody who can connect.</summary>
    public IReadOnlyList<ApiKey>? Keys { get; init; }

    /// <summary>Keeps what users say about answers (<c>POST /v1/feedback</c>). Null: there is no such path.</summary>
    public IFeedbackStore? Feedback { get; init; }

    /// <summary>Names by which clients may call this machine (the Host header); "*" stands for any.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>
    /// Requests that wait are computed together until they bring this many inputs; a single larger request is computed whole. Larger
    /// batches leave the other processors without work, because nobody asks anew before the answers are sent.
    /// </summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>How many inputs may wait; while so many do, further requests are refused with 503, so that waiting time stays bounded.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>The most inputs that one request may bring.</summary>
    public int MaxInputsPerRequest { get; init; } = 256;

    /// <summary>The longest request body, in bytes; more is refused with 413 before it is read. Null: what the model's inputs can need.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>How many bytes of requests with several inputs may be in memory at a time; more are refused with 503 before they are read.</summary>
    public long BodyBudget { get; init; } = 64 << 20;

    /// <summary>Open connections at a time. Null: what the handles that this process may have leave room for.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>A request that is not answered by then gets 504.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When one batch takes longer, the service calls itself unhealthy.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for requests under way; what is not answered by then gets 503.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Receives the log as one JSON object a line. Null: no log.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>
    /// Where metrics and traces are sent by OTLP (HTTP with protobuf), for example http://127.0.0.1:4318; "v1/metrics" and "v1/traces" are
    /// put behind it. Null: nowhere. The exporter also reads OTEL_EXPORTER_OTLP_HEADERS, for the receiver's key.
    /// </summary>
    public Uri? Otlp { get; init; }

    /// <summary>How often metrics are sent there.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Tells the time of all deadlines.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal bool HasGrpc => GrpcPort is not null || Certificate is not null;

    internal void Validate()
    {
        if (GrpcPort is < 0 or > 65535)
            throw new ArgumentException($"GrpcPort is {GrpcPort}; it must lie between 0 (choose a free one) and 65535.");
        if (GrpcPort is not null && Certificate is not null)
            throw new ArgumentException("GrpcPort is for a service without certificate; with one, gRPC is spoken at Port.");
        if (Port is < 0 or > 65535)
            throw new ArgumentException($"Port is {Port}; it must lie between 0 (choose a free one) and 65535.");
        foreach (var (name, value) in new[]
        {
            (nameof(MaxBatch), (long)MaxBatch), (nameof(QueueCapacity), QueueCapacity), (nameof(MaxInputsPerRequest), MaxInputsPerRequest),
            (nameof(MaxBodyBytes), MaxBodyBytes ?? 1), (nameof(BodyBudget), BodyBudget), (nameof(MaxConnections), MaxConnections ?? 1),
        })
        {
            if (value < 1)
                throw new ArgumentException($"{name} is {value}; it must be at least 1.");
        }
        foreach (var (name, value) in new[] { (nameof(RequestTimeout), RequestTimeout), (nameof(StuckAfter), StuckAfter), (nameof(DrainTime), DrainTime), (nameof(OtlpInterval), OtlpInterval) })
        {
            if (value <= TimeSpan.Zero)
                throw new ArgumentException($"{name} is {value}; it must be positive.");
        }
        if (!IPAddress.IsLoopback(Address) && (Certificate is null || Keys is not { Count: > 0 }))
            throw new ArgumentException($"To listen on {Address}, which others can reach, a certificate and at least one key are needed: without them anybody reads along and anybody asks.");
        if (Otlp is { } otlp && !(otlp.IsAbsoluteUri && otlp.Scheme is "http" or "https"))
            throw new ArgumentException($"Otlp is '{otlp}'; it must be an address like http://127.0.0.1:4318.");
        if (AllowedHosts.Count == 0)
            throw new ArgumentException("AllowedHosts is empty; name the hosts by which clients call, or \"*\".");
    }
}
