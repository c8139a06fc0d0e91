using System.Globalization;
using System.Text;

namespace Course.Serving;

/// <summary>Counts what the service does, and writes it in Prometheus' text format, version 0.0.4.</summary>
internal sealed class ServiceMetrics
{
    private static readonly double[] SecondBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
    private static readonly double[] BatchBounds = [1, 2, 4, 8, 16, 32, 64, 128];

    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Route, int Status), long> requests = [];
    private readonly Histogram seconds = new(SecondBounds);
    private readonly Histogram batches = new(BatchBounds);
    private long rejected;
    private long failed;

    public void ObserveRequest(string route, int status, TimeSpan elapsed)
    {
        lock (gate)
        {
            requests[(route, status)] = requests.GetValueOrDefault((route, status)) + 1;
            seconds.Observe(elapsed.TotalSeconds);
        }
    }

    public void ObserveBatch(int inputs)
    {
        lock (gate) batches.Observe(inputs);
    }

    /// <summary>A prediction that threw.</summary>
    public void CountFailed() => Interlocked.Increment(ref failed);

    public void CountRejected() => Interlocked.Increment(ref rejected);

    /// <summary>Forgets the warm-up, so that the numbers are those of clients.</summary>
    public void Reset()
    {
        lock (gate) batches.Clear();
    }

    public ServiceStatistics Snapshot(int waiting)
    {
        lock (gate)
        {
            return new ServiceStatistics(
                Requests: requests.Values.Sum(),
                Errors: requests.Where(entry => entry.Key.Status >= 400).Sum(entry => entry.Value),
                Inputs: (long)batches.Sum,
                Batches: batches.Count,
                Rejected: Interlocked.Read(ref rejected),
                Waiting: waiting);
        }
    }

    public string Write(int waiting, bool ready, IEnumerable<(ArtefactInfo Model, bool IsCurrent)> models)
    {
        var text = new StringBuilder();
        lock (gate)
        {
            Head("course_requests_total", "counter", "Requests answered, by route and status.");
            foreach (var ((route, status), count) in requests)
                text.Append(CultureInfo.InvariantCulture, $"course_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}\n");
            Head("course_request_seconds", "histogram", "Time from the first byte read to the answer.");
            seconds.Write(text, "course_request_seconds");
            Head("course_batch_inputs", "histogram", "Inputs that the network computed at once.");
            batches.Write(text, "course_batch_inputs");
        }
        Head("course_model_info", "gauge", "The loaded models; 1 for the one that answers.");
        foreach (var (model, isCurrent) in models)
            text.Append(CultureInfo.InvariantCulture, $"course_model_info{{name=\"{Label(model.Name)}\",version=\"{Label(model.Version)}\"}} {(isCurrent ? 1 : 0)}\n");
        Single("course_rejected_total", "counter", "Requests refused because the queue was full.", Interlocked.Read(ref rejected));
        Single("course_failed_total", "counter", "Requests whose prediction failed.", Interlocked.Read(ref failed));
        Single("course_queue_inputs", "gauge", "Inputs that wait for an answer.", waiting);
        Single("course_ready", "gauge", "1 when requests are accepted.", ready ? 1 : 0);
        Single("course_memory_bytes", "gauge", "Resident memory of the process.", Environment.WorkingSet);
        return text.ToString();

        static string Label(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"");

        void Head(string name, string type, string help) => text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

        void Single(string name, string type, string help, long value)
        {
            Head(name, type, help);
            text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
        }
    }

    private sealed class Histogram(double[] bounds)
    {
        private readonly long[] counts = new long[bounds.Length];

        public long Count { get; private set; }

        public double Sum { get; private set; }

        public void Clear()
        {
            Array.Clear(counts);
            (Count, Sum) = (0, 0);
        }

        public void Observe(double value)
        {
            int bucket = Array.FindIndex(bounds, bound => value <= bound);
            if (bucket >= 0) counts[bucket]++;
            Count++;
            Sum += value;
        }

        /// <summary>Prometheus' buckets are cumulative: each holds everything up to its bound.</summary>
        public void Write(StringBuilder text, string name)
        {
            long cumulative = 0;
            for (int i = 0; i < bounds.Length; i++)
            {
                cumulative += counts[i];
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{bounds[i]}\"}} {cumulative}\n");
            }
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"+Inf\"}} {Count}\n{name}_sum {Sum}\n{name}_count {Count}\n");
        }
    }
}
