using System.Diagnostics;
using System.Text.Json;
using Course.Serving.Inference;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Course.Serving;

/// <summary>What the service answers to which path.</summary>
internal sealed class Endpoints(ServedModels models, ServiceOptions options, ServiceMetrics metrics, Telemetry telemetry, ServiceState state, KeyRing? keys, WarmUp warmUp, ILogger log)
{
    // Each of these is a plain delegate, which starts faster and runs with less around it than one that the framework binds. Its
    // method is named beside it, so that the description of the interface (OpenAPI) finds it.
    public static readonly int[] Refusals = [400, 401, 403, 408, 413, 415, 422, 429, 499, 500, 503, 504];

    private readonly BodyBudget _budget = new(options.BodyBudget);

    public void Map(WebApplication app)
    {
        app.Use(ObserveAsync);
        app.UseHostFiltering();
        app.Use(RouteOne(app));
        app.UseRouting();
        if (keys is not null)
            app.Use(AuthoriseAsync);
        if (options.HasGrpc)
            app.UseWhen(context => GrpcStatus.IsGrpc(context.Request), grpc => grpc.Use(HoldMessageAsync));
        string[] oneInput = models.Current.Pictures is null ? ["application/json"] : ["application/json", Png, Jpeg];
        Map(app.MapPost(OnePath, PredictAsync), PredictAsync, "Predict one input, from numbers or from a picture", typeof(Prediction), typeof(PredictRequest), KeyScopes.Predict, oneInput);
        Map(app.MapPost("/v1/predict/batch", PredictBatchAsync), PredictBatchAsync, "Predict several inputs", typeof(PredictBatchResponse), typeof(PredictBatchRequest), KeyScopes.Predict);
        if (options.Feedback is not null)
            Map(app.MapPost("/v1/feedback", FeedbackAsync), FeedbackAsync, "Say what the right answer was", typeof(StatusResponse), typeof(FeedbackRequest), KeyScopes.Feedback);
        new OpenInferenceEndpoints(models, options, state, this).Map(app);
        if (options.HasGrpc)
            InferenceService.Map(app);
        Map(app.MapGet("/v1/model", CardAsync), CardAsync, "The current model's card", typeof(ModelCard));
        Map(app.MapGet("/model", CardPageAsync), CardPageAsync, "The current model's card, to read", typeof(string), type: "text/html");
        Map(app.MapGet("/health", HealthAsync), HealthAsync, "Is the process alive, and does it get on?", typeof(StatusResponse));
        Map(app.MapGet("/ready", ReadyAsync), ReadyAsync, "May traffic be sent here?", typeof(StatusResponse));
        // Load balancers and people with curl -I ask for the status alone; the server leaves the body out.
        app.MapMethods("/health", [HttpMethods.Head], HealthAsync).ExcludeFromDescription();
        app.MapMethods("/ready", [HttpMethods.Head], ReadyAsync).ExcludeFromDescription();
        app.MapPrometheusScrapingEndpoint("/metrics", telemetry.Meters, null, null).WithMetadata(new NeedsScope(KeyScopes.Admin));
        DrawingPage.Map(app, canDraw: models.Current.Info.Preprocessing.InputShape is [1, 28, 28]);
        app.MapOpenApi();
    }

    /// <param name="refusals">Answers beside 200. Null: all that a body may meet with, or 503 when there is none.</param>
    public static void Map(IEndpointConventionBuilder endpoint, RequestDelegate method, string summary, Type answer, Type? body = null, KeyScopes scope = KeyScopes.None, string[]? bodyTypes = null, string type = "application/json", int[]? refusals = null)
    {
        endpoint.WithMetadata(method.Method, new ProducesResponseTypeMetadata(200, answer, [type])).WithSummary(summary);
        if (scope != KeyScopes.None)
            endpoint.WithMetadata(new NeedsScope(scope));
        if (body is not null)
            endpoint.WithMetadata(new AcceptsMetadata(bodyTypes ?? ["application/json"], body));
        foreach (int status in refusals ?? (body is null ? [503] : Refusals))
            endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemResponse), ["application/problem+json"]));
    }

    /// <summary>Nearly all requests are the same; routing leaves alone those that have their endpoint already.</summary>
    private static Func<RequestDelegate, RequestDelegate> RouteOne(IEndpointRouteBuilder app)
    {
        var one = new Lazy<Endpoint>(() => app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().First(endpoint => endpoint.RoutePattern.RawText == OnePath));
        return next => context =>
        {
            var request = context.Request;
            if (request.Method == HttpMethods.Post && request.Path == OnePath && request.ContentType == "application/json")
                context.SetEndpoint(one.Value);
            return next(context);
        };
    }

    private async Task PredictAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        var model = models.Enter();
        float[][] inputs = model.Inputs.Get();
        // Lent to another request only when the model has done with it: a request that gives up does not know.
        bool isFree = true;
        ValueTask sent = default;
        try
        {
            var refusal = await ReadOneAsync(context, model, inputs[0]);
            if (refusal is null)
            {
                isFree = false;
                var work = model.Batcher.Enqueue(inputs, context.RequestAborted);
                var outcome = await work.Task;
                isFree = outcome == Outcome.Answered;
                refusal = RefusalOf(outcome);
                if (refusal is null)
                {
                    // Before it is sent: whoever has the answer may ask at once how many there were.
                    CountAnswered(model, start);
                    sent = model.Answers.SendOneAsync(context.Response, work.Scores[0]);
                }
            }
            if (refusal is not null)
            {
                Remember(context, model);
                sent = new(Problems.WriteAsync(context, refusal));
            }
        }
        catch when (Remember(context, model))
        {
            throw;
        }
        finally
        {
            if (isFree)
                model.Inputs.Return(inputs);
            model.Leave();
        }
        // No model has to stay for a client that is slow to read.
        await sent;
    }

    private ValueTask<Refusal?> ReadOneAsync(HttpContext context, ServedModel model, float[] input)
    {
        var pictures = IsPicture(context.Request.ContentType) ? model.Pictures : null;
        long limit = pictures is null ? model.Rules.OneBody : PictureLimit;
        if (Precheck(context, model, limit, isPicture: pictures is not null) is { } refused)
            return new(refused);
        return pictures is null ? ReadNumbersAsync(context, model, Limit(limit), input) : new(ReadPictureAsync(context, pictures, input));
    }

    private async ValueTask<Refusal?> ReadNumbersAsync(HttpContext context, ServedModel model, long limit, float[] input)
    {
        using var body = await RequestBody.ReadAsync(context, limit, options.RequestTimeout, options.Clock);
        return InputParser.ReadOne(body.Bytes.Span, model.Rules, input);
    }

    private async Task<Refusal?> ReadPictureAsync(HttpContext context, PictureRules pictures, float[] input)
    {
        await Task.Yield();
        bool invert = false;
        if (context.Request.Query["invert"] is { Count: > 0 } asked && !bool.TryParse(asked.ToString(), out invert))
            return new(400, "Bad request", "'invert' must be true or false.");
        long file = Math.Min(context.Request.ContentLength ?? PictureLimit, PictureLimit);
        if (!_budget.TryTake(file))
            return Refusal.Busy;
        using var bytes = new BudgetLease(_budget, file);
        using var body = await RequestBody.ReadAsync(context, PictureLimit, options.RequestTimeout, options.Clock);
        // The pixels may take far more than the file; who sends slowly does not hold that.
        long memory = Math.Min(PictureRules.Memory, options.BodyBudget - file);
        if (!_budget.TryTake(memory))
            return Refusal.Busy;
        using var pixels = new BudgetLease(_budget, memory);
        return pictures.Read(body.Bytes.Span, invert, input);
    }

    private async Task PredictBatchAsync(HttpContext context)
    {
        var model = Enter(context);
        try
        {
            var (refusal, scores) = await AnswerAsync(context, model, (body, inputs) => InputParser.ReadBatch(body.Span, model.Rules, inputs));
            if (refusal is null)
                model.Answers.WriteBatch(context.Response, scores);
            else
                await Problems.WriteAsync(context, refusal);
        }
        finally
        {
            model.Leave();
        }
    }

    /// <summary>Reads a request that may bring several inputs, within the budget for such bodies, and lets the model answer it.</summary>
    /// <param name="read">Fills the list with the inputs of the body.</param>
    public async Task<(Refusal? Refusal, ArraySegment<Scores> Scores)> AnswerAsync(HttpContext context, ServedModel model, Func<ReadOnlyMemory<byte>, List<float[]>, Refusal?> read)
    {
        long limit = Limit(model.Rules.BatchBody);
        if (Precheck(context, model, limit) is { } refused)
            return (refused, []);
        // The bytes of the body and the numbers that come of it; a body without announced length may be as long as any.
        long taken = Math.Min(2 * (context.Request.ContentLength ?? limit), options.BodyBudget);
        if (!_budget.TryTake(taken))
            return (Refusal.Busy, []);
        try
        {
            var inputs = new List<float[]>();
            using (var body = await RequestBody.ReadAsync(context, limit, options.RequestTimeout, options.Clock))
            {
                if (read(body.Bytes, inputs) is { } bad)
                    return (bad, []);
            }
            return await ComputeAsync(model, inputs, context.RequestAborted);
        }
        finally
        {
            _budget.Return(taken);
        }
    }

    /// <summary>Lets the model answer inputs that have been checked.</summary>
    public async Task<(Refusal? Refusal, ArraySegment<Scores> Scores)> ComputeAsync(ServedModel model, List<float[]> inputs, CancellationToken abandoned)
    {
        var work = model.Batcher.Enqueue([.. inputs], abandoned);
        return (RefusalOf(await work.Task), work.Scores);
    }

    /// <summary>Null when the model takes one more request now.</summary>
    public Refusal? Admit(HttpContext context, ServedModel model)
    {
        if (!state.IsReady && !state.IsStopping && !warmUp.Sent(context.Request))
            return Refusal.Stopping;
        if (model.Batcher.HasRoom)
            return null;
        metrics.CountRejected(model.Info);
        return Refusal.QueueFull(options.QueueCapacity);
    }

    /// <summary>Around a gRPC call: its message is read here, within the limits of length, time and memory, before gRPC parses it.</summary>
    private async Task HoldMessageAsync(HttpContext context, RequestDelegate next)
    {
        // A compressed kilobyte may unpack to a gigabyte, and gRPC would unpack it to the end.
        if (context.Request.Headers["grpc-encoding"].ToString() is { Length: > 0 } encoding && encoding != "identity")
        {
            GrpcStatus.Refuse(context, Refusal.MediaType($"The message is compressed ('{Shown(encoding)}'); send it as it is."));
            return;
        }
        // Null: a method that is none, which gRPC refuses.
        var method = GRPCInferenceService.Descriptor.FindMethodByName(context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Name ?? "");
        bool infers = method?.Name == nameof(InferenceService.ModelInfer);
        long limit = infers ? InferenceService.LongestMessage(models.Current.Rules) : InferenceService.ShortMessage;
        // The bytes, and what becomes of them.
        long taken = Math.Min(2 * limit, options.BodyBudget);
        if (!_budget.TryTake(taken))
        {
            GrpcStatus.Refuse(context, Refusal.Busy);
            return;
        }
        using var lease = new BudgetLease(_budget, taken);
        context.Features.Set(lease);
        byte[] message;
        try
        {
            using var body = await RequestBody.ReadAsync(context, limit + InferMessage.FrameHead, options.RequestTimeout, options.Clock);
            message = body.Bytes.ToArray();
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == 413)
        {
            GrpcStatus.Refuse(context, new(413, "Too long", $"The message is longer than {limit} bytes."));
            return;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            GrpcStatus.Refuse(context, new(408, "Too slow", $"The message had not arrived after {options.RequestTimeout.TotalSeconds:F0} s."));
            return;
        }
        if (method is not null && InferMessage.Problem(message, method) is { } problem)
        {
            GrpcStatus.Refuse(context, problem);
            return;
        }
        context.Request.Body = new MemoryStream(message, writable: false);
        await next(context);
    }

    /// <summary>Takes the current model for one request, and remembers that it was this one.</summary>
    private ServedModel Enter(HttpContext context)
    {
        var model = models.Enter();
        Remember(context, model);
        return model;
    }

    /// <summary>For metrics, traces and the log, which are written when the request has ended.</summary>
    /// <returns>False, so that it can be the filter of an exception that goes on.</returns>
    private static bool Remember(HttpContext context, ServedModel model)
    {
        context.Features.Set(model);
        return false;
    }

    /// <summary>
    /// Predictions that succeed are nearly all requests; they are counted where their model is at hand, because to hand it on within the
    /// request costs more than the counting.
    /// </summary>
    private void CountAnswered(ServedModel model, long start)
    {
        if (!IsOwn)
            metrics.ObserveRequest(OnePath, StatusCodes.Status200OK, null, Stopwatch.GetElapsedTime(start), model.Info);
        if (Activity.Current is { } trace && trace.Source == ServiceTraces.Source)
            trace.Of(model.Info);
    }

    /// <summary>The requests by which the service warms itself up are nobody's.</summary>
    private bool IsOwn => !state.IsReady && !state.IsStopping;

    private long Limit(long ofModel) => options.MaxBodyBytes ?? ofModel;

    private long PictureLimit => Math.Min(Limit(PictureRules.LongestFile), PictureRules.LongestFile);

    /// <summary>What can be refused by the header alone, before a byte of the body is read.</summary>
    private Refusal? Precheck(HttpContext context, ServedModel model, long limit, bool isPicture = false)
    {
        var request = context.Request;
        if (!isPicture && !IsJson(request.ContentType))
            return WrongType(context);
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && !encoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            // Says which encoding would do (RFC 7694).
            context.Response.Headers.AcceptEncoding = "identity";
            return Refusal.MediaType($"The body is compressed ('{Shown(encoding)}'); send it as it is.");
        }
        if (request.ContentLength > Limit(limit))
            return Problem413(Limit(limit));
        return Admit(context, model);
    }

    private Refusal? RefusalOf(Outcome outcome) => outcome switch
    {
        Outcome.Answered => null,
        Outcome.QueueFull => Refusal.QueueFull(options.QueueCapacity),
        Outcome.TooLate => Refusal.TooSlow(options.RequestTimeout),
        Outcome.Stopping => Refusal.Stopping,
        Outcome.Abandoned => throw new OperationCanceledException(),
        _ => Refusal.Failed,
    };

    private const string OnePath = "/v1/predict", Png = "image/png", Jpeg = "image/jpeg";

    private static bool IsPicture(string? type) =>
        type is not null && !type.StartsWith("application/json", StringComparison.Ordinal)
        && Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out var parsed)
        && (parsed.MediaType.Equals(Png, StringComparison.OrdinalIgnoreCase) || parsed.MediaType.Equals(Jpeg, StringComparison.OrdinalIgnoreCase));

    private Task CardAsync(HttpContext context)
    {
        byte[] card = JsonSerializer.SerializeToUtf8Bytes(ModelCard.Of(models.Current), JsonSerializerOptions.Web);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = card.Length;
        return context.Response.BodyWriter.WriteAsync(card).AsTask();
    }

    private Task CardPageAsync(HttpContext context) => DrawingPage.SendAsync(context, "text/html", System.Text.Encoding.UTF8.GetBytes(ModelCard.Of(models.Current).ToHtml()));

    private static bool IsJson(string? type)
    {
        if (type == "application/json")
            return true;
        return Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(type, out var parsed)
            && parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Before the body is read: whether the key that came with the request allows what it asks.</summary>
    private async Task AuthoriseAsync(HttpContext context, RequestDelegate next)
    {
        bool own = !state.IsReady && !state.IsStopping && warmUp.Sent(context.Request);
        if (!own && context.GetEndpoint()?.Metadata.GetMetadata<NeedsScope>() is { } needed && await keys!.CheckAsync(SecretOf(context.Request), needed.Scope) is { } refusal)
        {
            if (refusal.Status == 401)
                context.Response.Headers.WWWAuthenticate = "Bearer";
            if (GrpcStatus.IsGrpc(context.Request))
                GrpcStatus.Refuse(context, refusal);
            else
                await Problems.WriteAsync(context, refusal);
            return;
        }
        await next(context);
    }

    private static string? SecretOf(HttpRequest request)
    {
        const string bearer = "Bearer ";
        string? authorization = request.Headers.Authorization;
        return authorization?.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) == true ? authorization[bearer.Length..].Trim() : request.Headers["X-Api-Key"];
    }

    private async Task FeedbackAsync(HttpContext context)
    {
        const int longest = 4096;
        var request = context.Request;
        var refusal = IsJson(request.ContentType) ? null : WrongType(context);
        if (refusal is null)
        {
            using var body = await RequestBody.ReadAsync(context, longest, options.RequestTimeout, options.Clock);
            refusal = FeedbackRequest.Read(body.Bytes.Span, models.Current.Info, out var feedback);
            if (refusal is null && !options.Feedback!.Append(feedback!))
                refusal = new(409, "Known already", "There is feedback for this request already; it stays as it is.");
        }
        if (refusal is null)
            await StatusAsync(context, "kept"u8);
        else
            await Problems.WriteAsync(context, refusal);
    }

    private Task HealthAsync(HttpContext context)
    {
        var stuck = models.Loaded.FirstOrDefault(model => model.Batcher.Busy > options.StuckAfter);
        return stuck is null
            ? StatusAsync(context, "healthy"u8)
            : Problems.WriteAsync(context, new(503, "Not healthy", $"'{stuck.Info.Name}' {stuck.Info.Version} has been computing one batch for {stuck.Batcher.Busy.TotalSeconds:F0} s."));
    }

    private Task ReadyAsync(HttpContext context) => state.IsReady
        ? StatusAsync(context, "ready"u8)
        : Problems.WriteAsync(context, new(503, "Not ready", "starting or stopping"));

    private static Task StatusAsync(HttpContext context, ReadOnlySpan<byte> word)
    {
        byte[] body = [.. "{\"status\":\""u8, .. word, .. "\"}"u8];
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.BodyWriter.WriteAsync(body).AsTask();
    }

    /// <summary>Around every request: measures it, adds what browsers are told, and turns what went wrong into problem details.</summary>
    private async Task ObserveAsync(HttpContext context, RequestDelegate next)
    {
        long start = Stopwatch.GetTimestamp();
        // The thread that has read this may be one of few that read all connections; it goes on only with what is short.
        if (context.Request.Path != OnePath)
            await Task.Yield();
        bool own = IsOwn;
        using var trace = own ? null : ServiceTraces.Request(context);
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        if (state.IsStopping && context.Request.Protocol == HttpProtocol.Http11)
            headers.Connection = "close";
        try
        {
            await next(context);
            if (context.Response.StatusCode >= 400 && !context.Response.HasStarted && context.Response.ContentLength is null && PlainRefusal(context) is { } refusal)
                await Problems.WriteAsync(context, refusal);
        }
        catch (Exception fault)
        {
            await FailAsync(context, fault);
        }
        // Unknown paths share one name, so that a scanner cannot fill the memory with counters.
        string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other";
        // The endpoint has counted it. Whether it was that one its route says: more than one path leads there (/v1/predict/).
        if (route == OnePath && context.Response.StatusCode == StatusCodes.Status200OK)
        {
            trace?.SetTag("http.route", route).SetTag("http.response.status_code", StatusCodes.Status200OK);
            return;
        }
        var refused = context.Features.Get<Refusal>();
        var grpc = GrpcStatus.IsGrpc(context.Request) ? GrpcStatus.Of(context.Response) : null;
        int status = refused?.Status ?? (grpc is { } code ? GrpcStatus.Http(code) : context.Response.StatusCode);
        if (own)
            return;
        var model = context.Features.Get<ServedModel>() ?? models.Current;
        metrics.ObserveRequest(route, status, grpc, Stopwatch.GetElapsedTime(start), model.Info);
        trace?.Of(model.Info).SetTag("http.route", route).SetTag("http.response.status_code", status);
        if (grpc is { } ended)
            trace?.SetTag("rpc.grpc.status_code", (int)ended);
        if (status < 401)
            return;
        string reason = refused?.Title ?? "No reason given";
        bool failed = status >= 500;
        if (!failed && status is not (401 or 403 or 429))
            return;
        if (grpc is { } call)
        {
            if (failed)
                log.CallFailed(context.TraceIdentifier, route, status, call, reason, model.Title);
            else
                log.CallRefused(context.TraceIdentifier, route, status, call, reason, model.Title);
        }
        else if (failed)
            log.Failed(context.TraceIdentifier, route, status, reason, model.Title);
        else
            log.Refused(context.TraceIdentifier, route, status, reason, model.Title);
    }

    /// <summary>What the framework refuses by a bare status.</summary>
    private Refusal? PlainRefusal(HttpContext context) => context.Response.StatusCode switch
    {
        400 => new(400, "Bad request", $"This service is not called '{Shown(context.Request.Host.Value)}'. Use a name that it allows."),
        404 => new(404, "Not found", $"There is no {Shown(context.Request.Path)}; see /openapi/v1.json."),
        405 => new(405, "Method not allowed", $"{Shown(context.Request.Path)} does not take {Shown(context.Request.Method)}."),
        // Routing refuses another content type before the endpoint sees the request.
        415 => WrongType(context),
        _ => null,
    };

    /// <summary>Names what is accepted instead.</summary>
    private Refusal WrongType(HttpContext context)
    {
        string pictures = context.Request.Path == OnePath && models.Current.Pictures is not null ? $", {Png} or {Jpeg}" : "";
        return Refusal.MediaType($"The body must be application/json in UTF-8{pictures}, not '{Shown(context.Request.ContentType)}'.");
    }

    private async Task FailAsync(HttpContext context, Exception fault)
    {
        if (context.Response.HasStarted)
            return;
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        await Problems.WriteAsync(context, fault switch
        {
            StoreException => new(503, "Not kept", "The feedback could not be kept; send it again later.") { RetryAfter = 5 },
            BadHttpRequestException { StatusCode: 413 } bad => new(413, "Too large", bad.Message) { Close = true },
            BadHttpRequestException bad => new(bad.StatusCode, "Bad request", bad.Message) { Close = true },
            // The body had not arrived in time.
            OperationCanceledException => new(408, "Too slow", "The body did not arrive in time.") { Close = true },
            _ => Unexpected(context, fault),
        });
    }

    private Refusal Unexpected(HttpContext context, Exception fault)
    {
        log.Unexpected(fault, context.TraceIdentifier);
        return Refusal.Failed;
    }

    private static Refusal Problem413(long limit) =>
        new(413, "Too large", $"Request body too large. The max request body size is {limit} bytes.") { Close = true };

    // What a stranger sent is shown short and without control characters.
    public static string Shown(string? text) =>
        text is null ? "" : string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}

/// <summary>Problem details (RFC 9457) as every refusal has them.</summary>
/// <param name="Type">Always about:blank: the status says it all.</param>
/// <param name="Title">The kind of refusal.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What was found, and what to do.</param>
/// <param name="RequestId">By which the service's log knows this request.</param>
public sealed record ProblemResponse(string Type, string Title, int Status, string Detail, string RequestId);
