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
                Send(otlp, receiver, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.OtlpInterval.TotalMilliseconds;
            });
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(ServiceTraces.SourceName)
                .AddOtlpExporter(otlp => Send(otlp, receiver, "traces"))
                .Build();
        }
        Meters = meters.Build();
    }

    public MeterProvider Meters { get; }

    /// <summary>Sends what has not been sent yet.</summary>
    public void Dispose()
    {
        Meters.Dispose();
        _traces?.Dispose();
    }

    private static void Send(OtlpExporterOptions otlp, Uri receiver, string signal)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{receiver.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
        // A receiver that hangs must not hold a stop up.
        otlp.TimeoutMilliseconds = 2000;
    }
}
