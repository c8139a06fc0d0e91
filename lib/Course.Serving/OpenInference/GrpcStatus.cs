using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Course.Serving;

/// <summary>How a gRPC call ended: every answer is HTTP's 200, and a header or a trailer says the rest.</summary>
internal static class GrpcStatus
{
    private const string Header = "grpc-status";

    public static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;

    /// <summary>Null when the answer bears none.</summary>
    public static StatusCode? Of(HttpResponse response)
    {
        string? text = response.Headers[Header];
        text ??= response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers[Header];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? (StatusCode)code : null;
    }

    /// <summary>What a refusal is called here.</summary>
    public static StatusCode Of(Refusal refusal) => refusal.Status switch
    {
        400 or 422 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        408 or 504 => StatusCode.DeadlineExceeded,
        413 or 429 => StatusCode.ResourceExhausted,
        415 => StatusCode.Unimplemented,
        503 => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };

    /// <summary>The status that REST would have given, for what gRPC's own library refused.</summary>
    public static int Http(StatusCode code) => code switch
    {
        StatusCode.OK => 200,
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.ResourceExhausted => 413,
        StatusCode.Cancelled => 499,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };

    /// <summary>Refuses a call before gRPC's library has seen it.</summary>
    public static void Refuse(HttpContext context, Refusal refusal)
    {
        context.Features.Set(refusal);
        context.Response.ContentType = "application/grpc";
        context.Response.Headers[Header] = ((int)Of(refusal)).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(refusal.Detail);
    }
}
