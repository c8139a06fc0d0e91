using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Course.Serving;

/// <summary>What the service answers to which path.</summary>
internal sealed class Endpoints(ArtefactInfo info, ServiceOptions options, MicroBatcher batcher, ServiceMetrics metrics, ServiceState state)
{
    public void Map(WebApplication app)
    {
        app.Use(ObserveAsync);
        app.UseRouting();
        app.MapPost("/v1/predict", (Delegate)PredictAsync).Accepts<PredictRequest>("application/json")
            .Produces<Prediction>().ProducesProblem(400).ProducesProblem(422).ProducesProblem(503).WithSummary("Predict one input");
        app.MapPost("/v1/predict/batch", (Delegate)PredictBatchAsync).Accepts<PredictBatchRequest>("application/json")
            .Produces<PredictBatchResponse>().ProducesProblem(400).ProducesProblem(422).ProducesProblem(503).WithSummary("Predict several inputs");
        app.MapGet("/health", () => Status(batcher.IsAlive, "healthy", "the batching loop has ended")).Produces<StatusResponse>().WithSummary("Is the process alive?");
        app.MapGet("/ready", () => Status(state.IsReady, "ready", "starting or stopping")).Produces<StatusResponse>().WithSummary("May traffic be sent here?");
        app.MapGet("/metrics", () => Results.Text(metrics.Write(batcher.Waiting, state.IsReady), "text/plain; version=0.0.4; charset=utf-8")).ExcludeFromDescription();
        app.MapOpenApi();
    }

    private async Task<IResult> PredictAsync(HttpContext context)
    {
        var inputs = await RequestReader.ReadOneAsync(context, info.Preprocessing);
        var scores = await AnswerAsync(inputs, context.RequestAborted);
        return Results.Ok(Prediction.From(scores[0], info));
    }

    private async Task<IResult> PredictBatchAsync(HttpContext context)
    {
        var inputs = await RequestReader.ReadBatchAsync(context, info.Preprocessing, options.MaxInputsPerRequest);
        var scores = await AnswerAsync(inputs, context.RequestAborted);
        return Results.Ok(new PredictBatchResponse([.. scores.Select(one => Prediction.From(one, info))]));
    }

    private async Task<IReadOnlyList<Scores>> AnswerAsync(IReadOnlyList<float[]> inputs, CancellationToken aborted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(options.RequestTimeout);
        try
        {
            return await batcher.PredictAsync(inputs, limit.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            throw new RefusedException(StatusCodes.Status504GatewayTimeout, "Too slow", FormattableString.Invariant($"No answer within {options.RequestTimeout.TotalSeconds} s."));
        }
    }

    private static IResult Status(bool good, string word, string otherwise) => good
        ? Results.Ok(new StatusResponse(word))
        : Results.Problem(otherwise, statusCode: StatusCodes.Status503ServiceUnavailable, title: $"Not {word}");

    /// <summary>Around every request: measures it, and turns what went wrong into problem details (RFC 9457) without inner secrets.</summary>
    private async Task ObserveAsync(HttpContext context, RequestDelegate next)
    {
        long start = Stopwatch.GetTimestamp();
        var problem = await ProblemOfAsync(context, next);
        if (problem is not null && !context.Response.HasStarted) await problem.ExecuteAsync(context);
        // Unknown paths share one name, so that a scanner cannot fill the memory with counters.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other";
        metrics.ObserveRequest(route, context.Response.StatusCode, Stopwatch.GetElapsedTime(start));
    }

    private static async Task<IResult?> ProblemOfAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            return context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => Problem(404, "Not found", $"There is no {context.Request.Path}; see /openapi/v1.json."),
                StatusCodes.Status405MethodNotAllowed => Problem(405, "Method not allowed", $"{context.Request.Path} does not take {context.Request.Method}."),
                // Routing refuses another content type before the endpoint sees the request.
                StatusCodes.Status415UnsupportedMediaType => Problem(415, "Unsupported media type", $"The body must be application/json, not '{context.Request.ContentType}'."),
                _ => null,
            };
        }
        catch (RefusedException refused)
        {
            return Problem(refused.Status, refused.Title, refused.Message);
        }
        catch (QueueFullException full)
        {
            context.Response.Headers.RetryAfter = "1";
            return Problem(StatusCodes.Status503ServiceUnavailable, "Queue full", full.Message);
        }
        catch (StoppingException stopping)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "Stopping", stopping.Message);
        }
        catch (BadHttpRequestException bad)
        {
            return Problem(bad.StatusCode, "Bad request", bad.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return null;
        }
        catch (Exception)
        {
            return Problem(StatusCodes.Status500InternalServerError, "Internal error", "The prediction failed. The service goes on; other inputs may work.");
        }
    }

    private static IResult Problem(int status, string title, string detail) => Results.Problem(detail, statusCode: status, title: title);
}
