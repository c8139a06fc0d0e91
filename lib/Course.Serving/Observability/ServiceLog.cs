using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Course.Serving;

/// <summary>What the service logs: never an input, a key or a header, only ids, statuses and reasons.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(1, LogLevel.Information, "{Model} answers at {Url}")]
    public static partial void Ready(this ILogger log, string model, Uri url);

    [LoggerMessage(2, LogLevel.Information, "{Model} answers in the place of {Former}")]
    public static partial void Switched(this ILogger log, string model, string former);

    [LoggerMessage(3, LogLevel.Warning, "{RequestId} {Route} was refused with {Status}: {Reason} ({Model})")]
    public static partial void Refused(this ILogger log, string requestId, string route, int status, string reason, string model);

    [LoggerMessage(4, LogLevel.Error, "{RequestId} {Route} failed with {Status}: {Reason} ({Model})")]
    public static partial void Failed(this ILogger log, string requestId, string route, int status, string reason, string model);

    [LoggerMessage(5, LogLevel.Error, "{Model} could not compute {Inputs} inputs")]
    public static partial void PredictionFailed(this ILogger log, Exception fault, string model, int inputs);

    [LoggerMessage(6, LogLevel.Information, "Stopped after {Requests} requests ({Model})")]
    public static partial void Stopped(this ILogger log, long requests, string model);

    [LoggerMessage(7, LogLevel.Error, "{RequestId} met what nobody had foreseen")]
    public static partial void Unexpected(this ILogger log, Exception fault, string requestId);

    [LoggerMessage(8, LogLevel.Warning, "{RequestId} {Route} was refused with {Status}, over gRPC {GrpcStatus}: {Reason} ({Model})")]
    public static partial void CallRefused(this ILogger log, string requestId, string route, int status, StatusCode grpcStatus, string reason, string model);

    [LoggerMessage(9, LogLevel.Error, "{RequestId} {Route} failed with {Status}, over gRPC {GrpcStatus}: {Reason} ({Model})")]
    public static partial void CallFailed(this ILogger log, string requestId, string route, int status, StatusCode grpcStatus, string reason, string model);

    [LoggerMessage(10, LogLevel.Warning, "The last metrics and traces had not been taken when the drain time of {Seconds} s was over ({Model})")]
    public static partial void Unsent(this ILogger log, double seconds, string model);
}
