using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Course.Serving;

/// <summary>Writes refusals as problem details (RFC 9457), with the id by which the log knows the request.</summary>
internal static class Problems
{
    private const int MostForgotten = 64 * 1024;

    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(2);

    public static async Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var response = context.Response;
        response.StatusCode = refusal.Status;
        context.Features.Set(refusal);
        response.ContentType = "application/problem+json";
        if (refusal.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        bool closes = refusal.Close && context.Request.Protocol == HttpProtocol.Http11;
        if (closes)
            response.Headers.Connection = "close";
        var buffer = new ArrayBufferWriter<byte>(512);
        // Never read as HTML (nosniff), so that quotes stay readable.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "about:blank"u8);
            json.WriteString("title"u8, refusal.Title);
            json.WriteNumber("status"u8, refusal.Status);
            json.WriteString("detail"u8, refusal.Detail);
            json.WriteString("requestId"u8, context.TraceIdentifier);
            // By this name clients of the Open Inference Protocol look for it.
            if (context.Request.Path.StartsWithSegments("/v2"))
                json.WriteString("error"u8, refusal.Detail);
            json.WriteEndObject();
        }
        response.ContentLength = buffer.WrittenCount;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory);
        if (closes)
            await LingerAsync(context);
    }

    /// <summary>
    /// Reads for a moment what the client is still sending, and forgets it: a connection that is closed under its hands is reset, and with
    /// it the answer is lost (RFC 9112, section 9.6).
    /// </summary>
    private static async Task LingerAsync(HttpContext context)
    {
        await context.Response.CompleteAsync();
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        late.CancelAfter(Lingering);
        var body = context.Request.BodyReader;
        try
        {
            for (long forgotten = 0; forgotten < MostForgotten;)
            {
                var result = await body.ReadAsync(late.Token);
                forgotten += result.Buffer.Length;
                body.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It is gone, slow, or its body was found to be broken before: closed all the same.
        }
    }
}
