using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Course.Serving;

/// <summary>
/// Traces of the service, under the name that a listener or OpenTelemetry asks for: "request" (one for each; it continues the client's
/// trace when the header traceparent names one), "batch" (with a link to every request in it) and below it "model". Each has the tags
/// "model" and "version". They cost nothing while nobody listens.
/// </summary>
public static class ServiceTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Course.Serving";

    internal static ActivitySource Source { get; } = new(SourceName);

    internal static Activity? Request(HttpContext context)
    {
        if (!Source.HasListeners())
            return null;
        ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var client);
        return Source.StartActivity("request", ActivityKind.Server, client);
    }

    internal static Activity? Batch(ReadOnlySpan<Work> works, ArtefactInfo model)
    {
        if (!Source.HasListeners())
            return null;
        var links = new List<ActivityLink>();
        foreach (var work in works)
        {
            if (work.Trace != default)
                links.Add(new ActivityLink(work.Trace));
        }
        // Nobody follows a request in it.
        if (links.Count == 0)
            return null;
        return Source.StartActivity("batch", ActivityKind.Internal, default(ActivityContext), links: links)?.Of(model);
    }

    /// <summary>Says which model it was.</summary>
    internal static Activity Of(this Activity activity, ArtefactInfo model) => activity.SetTag("model", model.Name).SetTag("version", model.Version);
}
