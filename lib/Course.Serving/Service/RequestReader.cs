using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Course.Serving;

/// <summary>A request that must be refused, with the status and the sentence for its sender.</summary>
internal sealed class RefusedException(int status, string title, string detail) : Exception(detail)
{
    public int Status => status;

    public string Title => title;
}

/// <summary>Reads and checks the body of a request before anything else sees it.</summary>
internal static class RequestReader
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 4,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };

    public static async Task<IReadOnlyList<float[]>> ReadOneAsync(HttpContext context, Preprocessing preprocessing)
    {
        var request = await ReadAsync<PredictRequest>(context);
        if (request.Input is null) throw Unprocessable("'input' is missing: send {\"input\": [numbers]}.");
        CheckInput(request.Input, "input", preprocessing);
        return [request.Input];
    }

    public static async Task<IReadOnlyList<float[]>> ReadBatchAsync(HttpContext context, Preprocessing preprocessing, int most)
    {
        var request = await ReadAsync<PredictBatchRequest>(context);
        if (request.Inputs is null || request.Inputs.Length == 0) throw Unprocessable("'inputs' is missing or empty: send {\"inputs\": [[numbers], [numbers]]}.");
        if (request.Inputs.Length > most) throw Unprocessable($"{request.Inputs.Length} inputs in one request; at most {most} are accepted. Split them.");
        for (int i = 0; i < request.Inputs.Length; i++)
        {
            if (request.Inputs[i] is null) throw Unprocessable($"inputs[{i}] is null; it must be an array of numbers.");
            CheckInput(request.Inputs[i], $"inputs[{i}]", preprocessing);
        }
        return request.Inputs;
    }

    private static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
            throw new RefusedException(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", $"The body must be application/json, not '{context.Request.ContentType}'.");
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json, context.RequestAborted)
                ?? throw new RefusedException(StatusCodes.Status400BadRequest, "Not valid JSON", "The body is null; it must be an object.");
        }
        catch (JsonException fault)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "Not valid JSON", $"The body cannot be read at line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1} ({fault.Path}): it must be an object with numbers.");
        }
    }

    private static void CheckInput(float[] input, string name, Preprocessing preprocessing)
    {
        int expected = preprocessing.Count();
        if (input.Length != expected)
            throw Unprocessable($"{name} has {input.Length} numbers; the model takes {expected} ({string.Join("×", preprocessing.InputShape)}).");
        int bad = Array.FindIndex(input, value => !(value >= preprocessing.Minimum && value <= preprocessing.Maximum));
        if (bad >= 0)
            throw Unprocessable(FormattableString.Invariant($"{name}[{bad}] is {input[bad]}; values lie between {preprocessing.Minimum} and {preprocessing.Maximum}."));
    }

    private static RefusedException Unprocessable(string detail) => new(StatusCodes.Status422UnprocessableEntity, "Input refused", detail);
}
