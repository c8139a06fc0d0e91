using System.Text.Json;
using System.Text.Json.Serialization;

namespace Course.Serving;

/// <summary>Body of <c>POST /v1/feedback</c>.</summary>
/// <param name="RequestId">Which answer is meant: an id of the client's own choice, or the service's.</param>
/// <param name="Answer">The label that was answered.</param>
/// <param name="Truth">The right label; null when it is not known.</param>
/// <param name="ModelVersion">Which version answered; null means the current one.</param>
public sealed record FeedbackRequest(string? RequestId, string? Answer, string? Truth, string? ModelVersion)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 2,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    internal static Refusal? Read(ReadOnlySpan<byte> body, ArtefactInfo info, out Feedback? feedback)
    {
        feedback = null;
        FeedbackRequest? request;
        try
        {
            request = JsonSerializer.Deserialize<FeedbackRequest>(body, Json);
        }
        catch (JsonException)
        {
            return Refusal.Unreadable("Send {\"requestId\": text, \"answer\": label, \"truth\": label}; modelVersion may come with it, nothing else.");
        }
        if (request?.RequestId is not { } id || !IsName(id))
            return Refusal.Unprocessable("'requestId' must have 1 to 64 characters, not only spaces and no control characters.");
        if (!info.Labels.Contains(request.Answer))
            return Refusal.Unprocessable("'answer' is no label of this model.");
        if (request.Truth is not null && !info.Labels.Contains(request.Truth))
            return Refusal.Unprocessable("'truth' is no label of this model.");
        if (request.ModelVersion is { } version && !IsName(version))
            return Refusal.Unprocessable("'modelVersion' must have 1 to 64 characters, not only spaces and no control characters.");
        feedback = new Feedback(id, request.ModelVersion ?? info.Version, request.Answer!, request.Truth);
        return null;
    }

    private static bool IsName(string text) => text.Length <= 64 && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);
}
