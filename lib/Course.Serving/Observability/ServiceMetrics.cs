using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace Course.Serving;

/// <summary>
/// Counts what the service does, in instruments of a <see cref="System.Diagnostics.Metrics.Meter"/>. Every series names the model and its
/// version. Prometheus' names are those of the instruments with underscores, the unit and, for counters, "total" behind them.
/// </summary>
internal sealed class ServiceMetrics : IDisposable
{
    /// <summary>The meter's name, by which a collector in the same process finds it.</summary>
    public const string MeterName = "Course.Serving";

    // Boxed once: a label must be an object, and a request should not pay for one.
    private static readonly object[] Statuses = [.. Enumerable.Range(0, 600).Select(status => (object)status)];

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<int> _batches;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _failed;
    private volatile bool _begun;
    private long _requestCount;
    private long _errorCount;
    private long _inputCount;
    private long _batchCount;
    private long _rejectedCount;

    public ServiceMetrics()
    {
        _requests = Meter.CreateCounter<long>("course.requests", description: "Requests answered, by route and status.");
        _seconds = Meter.CreateHistogram("course.request", "s", "Time from the first byte read to the answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });
        _batches = Meter.CreateHistogram("course.batch.inputs", null, "Inputs that the network computed at once.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });
        _rejected = Meter.CreateCounter<long>("course.rejected", description: "Requests refused because the queue was full.");
        _failed = Meter.CreateCounter<long>("course.failed", description: "Requests whose prediction failed.");
    }

    public Meter Meter { get; } = new(MeterName, typeof(ServiceMetrics).Assembly.GetName().Version!.ToString(3));

    /// <summary>What is not counted but looked up whenever somebody collects.</summary>
    public void Observe(ServedModels models, ServiceState state)
    {
        Meter.CreateObservableGauge("course.queue.inputs", () => models.Loaded.Select(model => new Measurement<int>(model.Batcher.Waiting, Of(model.Info))),
            description: "Inputs that wait for an answer.");
        Meter.CreateObservableGauge("course.model.info", () => models.Loaded.Select(model => new Measurement<int>(model == models.Current ? 1 : 0, Of(model.Info))),
            description: "The loaded models; 1 for the one that answers.");
        Meter.CreateObservableGauge("course.ready", () => new Measurement<int>(state.IsReady ? 1 : 0, Of(models.Current.Info)), description: "1 when requests are accepted.");
        Meter.CreateObservableGauge("course.memory", () => new Measurement<long>(Environment.WorkingSet, Of(models.Current.Info)), "By", "Resident memory of the process.");
    }

    /// <summary>From now on it counts: what the service asked itself before is no client's.</summary>
    public void Begin() => _begun = true;

    /// <param name="grpc">How it ended over gRPC; null over REST.</param>
    public void ObserveRequest(string route, int status, StatusCode? grpc, TimeSpan elapsed, ArtefactInfo model)
    {
        Interlocked.Increment(ref _requestCount);
        if (status >= 400)
            Interlocked.Increment(ref _errorCount);
        var tags = new TagList { { "route", route }, { "status", Statuses[Math.Clamp(status, 0, Statuses.Length - 1)] }, { "model", model.Name }, { "version", model.Version } };
        if (grpc is { } code)
            tags.Add("grpc_status", code.ToString());
        _requests.Add(1, tags);
        _seconds.Record(elapsed.TotalSeconds, new TagList { { "route", route }, { "model", model.Name }, { "version", model.Version } });
    }

    public void ObserveBatch(int inputs, ArtefactInfo model)
    {
        if (!_begun)
            return;
        Interlocked.Add(ref _inputCount, inputs);
        Interlocked.Increment(ref _batchCount);
        _batches.Record(inputs, Of(model));
    }

    /// <summary>A prediction that threw.</summary>
    public void CountFailed(ArtefactInfo model) => _failed.Add(1, Of(model));

    public void CountRejected(ArtefactInfo model)
    {
        Interlocked.Increment(ref _rejectedCount);
        _rejected.Add(1, Of(model));
    }

    public ServiceStatistics Snapshot(int waiting) => new(
        Requests: Interlocked.Read(ref _requestCount),
        Errors: Interlocked.Read(ref _errorCount),
        Inputs: Interlocked.Read(ref _inputCount),
        Batches: Interlocked.Read(ref _batchCount),
        Rejected: Interlocked.Read(ref _rejectedCount),
        Waiting: waiting);

    public void Dispose() => Meter.Dispose();

    private static TagList Of(ArtefactInfo model) => new() { { "model", model.Name }, { "version", model.Version } };
}
