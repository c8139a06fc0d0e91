using System.Diagnostics;

namespace Course.Serving;

/// <summary>
/// Traces of the service, under the name that a listener or OpenTelemetry asks for: "request" (one for each), "batch" (with a link to
/// every request in it) and below it "model". They cost nothing while nobody listens.
/// </summary>
public static class ServiceTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Course.Serving";

    internal static ActivitySource Source { get; } = new(SourceName);

    internal static Activity? Batch(ReadOnlySpan<Work> works, ArtefactInfo model)
    {
        if (!Source.HasListeners()) return null;
        var links = new List<ActivityLink>();
        foreach (var work in works)
        {
            if (work.Trace != default) links.Add(new ActivityLink(work.Trace));
        }
        return Source.StartActivity("batch", ActivityKind.Internal, default(ActivityContext), links: links)?.SetTag("model", $"{model.Name} {model.Version}");
    }
}
