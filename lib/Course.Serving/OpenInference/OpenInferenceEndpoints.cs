using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Course.Serving;

/// <summary>
/// The Open Inference Protocol, version 2, over REST: what KServe and Triton speak, so that their clients can use this service. A model
/// takes one tensor "input" [n, input shape] of raw numbers and gives one tensor "probabilities" [n, labels].
/// </summary>
internal sealed class OpenInferenceEndpoints(ServedModels models, ServiceOptions options, ServiceState state, Endpoints endpoints)
{
    public const string ServerName = "course-serving", Platform = "course";

    public static string ServerVersion { get; } = typeof(OpenInferenceEndpoints).Assembly.GetName().Version!.ToString(3);

    public static string NoModel(string name, string? version) => $"There is no model '{name}'{(version is null ? "" : $" in version '{version}'")} here.";

    public void Map(WebApplication app)
    {
        void Get(string path, RequestDelegate method, string summary, Type answer, params int[] refusals) => Endpoints.Map(app.MapGet(path, method), method, summary, answer, refusals: refusals);
        Get("/v2", ServerAsync, "What this server is", typeof(ServerMetadata));
        Get("/v2/health/live", LiveAsync, "Is the server alive?", typeof(ServerLive));
        Get("/v2/health/ready", ReadyAsync, "Can the server answer?", typeof(ServerReady), 503);
        foreach (string path in new[] { "/v2/models/{model}", "/v2/models/{model}/versions/{version}" })
        {
            Get(path, MetadataAsync, "What the model takes and gives", typeof(ModelMetadata), 404);
            Get(path + "/ready", ModelReadyAsync, "Can the model answer?", typeof(ServerReady), 404, 503);
            Endpoints.Map(app.MapPost(path + "/infer", InferAsync), InferAsync, "Infer one or several inputs", typeof(InferResponse), typeof(InferBody), KeyScopes.Predict, refusals: [.. Endpoints.Refusals, 404]);
        }
    }

    private static Task LiveAsync(HttpContext context) => SendAsync(context, 200, json => json.WriteBoolean("live"u8, true));

    private Task ReadyAsync(HttpContext context) => SendAsync(context, state.IsReady ? 200 : 503, json => json.WriteBoolean("ready"u8, state.IsReady));

    private static Task ServerAsync(HttpContext context) => SendAsync(context, 200, json =>
    {
        json.WriteString("name"u8, ServerName);
        json.WriteString("version"u8, ServerVersion);
        json.WriteStartArray("extensions"u8);
        json.WriteEndArray();
    });

    private async Task MetadataAsync(HttpContext context)
    {
        var (name, version) = Asked(context);
        if (models.Find(name, version) is not { } model)
        {
            await NoModelAsync(context, name, version);
            return;
        }
        await SendAsync(context, 200, json =>
        {
            json.WriteString("name"u8, model.Info.Name);
            json.WriteStartArray("versions"u8);
            foreach (var loaded in models.Loaded.Where(other => other.Info.Name == name))
                json.WriteStringValue(loaded.Info.Version);
            json.WriteEndArray();
            json.WriteString("platform"u8, Platform);
            Tensor(json, "inputs", InferRequest.InputName, [-1, .. model.Info.Preprocessing.InputShape]);
            Tensor(json, "outputs", InferRequest.OutputName, [-1, model.Info.Labels.Count]);
        });
    }

    private Task ModelReadyAsync(HttpContext context)
    {
        var (name, version) = Asked(context);
        if (models.Find(name, version) is not { } model)
            return NoModelAsync(context, name, version);
        bool ready = state.IsReady && model.Batcher.Busy <= options.StuckAfter;
        return SendAsync(context, ready ? 200 : 503, json => json.WriteBoolean("ready"u8, ready));
    }

    private async Task InferAsync(HttpContext context)
    {
        var (name, version) = Asked(context);
        if (models.Enter(name, version) is not { } model)
        {
            await NoModelAsync(context, name, version);
            return;
        }
        context.Features.Set(model);
        try
        {
            string? id = null;
            var (refusal, scores) = await endpoints.AnswerAsync(context, model, (body, inputs) =>
            {
                (id, var bad) = InferRequest.Read(body, model.Rules, model.Info.Preprocessing.InputShape, inputs);
                return bad;
            });
            if (refusal is not null)
            {
                await Problems.WriteAsync(context, refusal);
                return;
            }
            await SendAsync(context, 200, json =>
            {
                json.WriteString("model_name"u8, model.Info.Name);
                json.WriteString("model_version"u8, model.Info.Version);
                if (id is not null)
                    json.WriteString("id"u8, id);
                Tensor(json, "outputs", InferRequest.OutputName, [scores.Count, model.Info.Labels.Count], scores);
            });
        }
        finally
        {
            model.Leave();
        }
    }

    private static (string Name, string? Version) Asked(HttpContext context) =>
        ((string)context.Request.RouteValues["model"]!, (string?)context.Request.RouteValues.GetValueOrDefault("version"));

    private static Task NoModelAsync(HttpContext context, string name, string? version) =>
        Problems.WriteAsync(context, new(404, "Not found", NoModel(name, version)));

    private static void Tensor(Utf8JsonWriter json, string list, string name, IEnumerable<long> shape, IReadOnlyList<Scores>? scores = null)
    {
        json.WriteStartArray(list);
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, "FP32"u8);
        json.WriteStartArray("shape"u8);
        foreach (long size in shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        if (scores is not null)
        {
            json.WriteStartArray("data"u8);
            foreach (var one in scores)
            {
                foreach (float probability in one.Probabilities)
                    json.WriteNumberValue(probability);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static async Task SendAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory);
    }
}
