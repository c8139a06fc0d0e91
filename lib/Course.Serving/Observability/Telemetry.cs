using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Course.Serving;

/// <summary>Collects the service's metrics for Prometheus, and sends metrics and traces by OTLP when the options name a receiver.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly TracerProvider? _traces;

    public Telemetry(ServiceMetrics metrics, ServiceOptions options)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("course-serving", serviceVersion: metrics.Meter.Version);
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(ServiceMetrics.MeterName)
            // Another service in this process has a meter of the same name.
            .AddView(instrument => ReferenceEquals(instrument.Meter, metrics.Meter) ? null : MetricStreamConfiguration.Drop)
            .AddPrometheusExporter(prometheus => (prometheus.ScopeInfoEnabled, prometheus.TargetInfoEnabled, prometheus.ScrapeResponseCacheDurationMilliseconds) = (false, false, 0));
        if (options.Otlp is { } receiver)
        {
            meters.AddOtlpExporter((otlp, reader) =>
            {
                Send(otlp, receiver, "metrics", options.DrainTime);
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.OtlpInterval.TotalMilliseconds;
            });
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(ServiceTraces.SourceName)
                .AddOtlpExporter(otlp => Send(otlp, receiver, "traces", options.DrainTime))
                .Build();
        }
        Meters = meters.Build();
    }

    public MeterProvider Meters { get; }

    /// <summary>Sends what has not been sent yet, and waits for it no longer than that.</summary>
    /// <returns>False when the receiver had not taken it by then.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, TimeProvider clock)
    {
        var sent = Task.WhenAll(Task.Run(Meters.Dispose), Task.Run(() => _traces?.Dispose()));
        try
        {
            await sent.WaitAsync(patience, clock);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        Meters.Dispose();
        _traces?.Dispose();
    }

    private static void Send(OtlpExporterOptions otlp, Uri receiver, string signal, TimeSpan patience)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{receiver.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
        otlp.TimeoutMilliseconds = (int)Math.Min(int.MaxValue, patience.TotalMilliseconds);
    }
}
