using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Course.Serving;

/// <summary>Writes refusals as problem details (RFC 9457), with the id by which the log knows the request.</summary>
internal static class Problems
{
    public static async Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var response = context.Response;
        response.StatusCode = refusal.Status;
        context.Features.Set(refusal);
        response.ContentType = "application/problem+json";
        if (refusal.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (refusal.Close && context.Request.Protocol == HttpProtocol.Http11)
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
    }
}
