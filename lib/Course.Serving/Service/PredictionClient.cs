using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Course.Serving;

/// <summary>An answer as it came over the wire.</summary>
public sealed record Reply(int Status, string ContentType, string Body);

/// <summary>The service refused a request. The message holds its title and detail.</summary>
public sealed class ServiceException(int status, string title, string detail) : Exception($"{status} {title}: {detail}")
{
    public int Status => status;
}

/// <summary>Talks to a <see cref="PredictionService"/>.</summary>
/// <param name="service">Where it listens.</param>
/// <param name="key">Sent with every request; null for none.</param>
public sealed class PredictionClient(Uri service, string? key = null) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // No proxy: the service is on this machine.
    private readonly HttpClient _http = Client(service, key);

    /// <exception cref="ServiceException">The service refused the input.</exception>
    public Task<Prediction> PredictAsync(float[] input) => PostAsync<Prediction>("/v1/predict", new PredictRequest(input));

    /// <summary>Answers in the order of the inputs.</summary>
    /// <exception cref="ServiceException">The service refused an input.</exception>
    public async Task<IReadOnlyList<Prediction>> PredictAsync(float[][] inputs) =>
        (await PostAsync<PredictBatchResponse>("/v1/predict/batch", new PredictBatchRequest(inputs))).Predictions;

    public async Task<bool> IsHealthyAsync() => (await GetAsync("/health")).Status == 200;

    public async Task<bool> IsReadyAsync() => (await GetAsync("/ready")).Status == 200;

    /// <summary>Whatever is at a path, unread.</summary>
    public async Task<Reply> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return await ReadAsync(answer);
    }

    /// <summary>Sends any text, also one that the service must refuse.</summary>
    public async Task<Reply> PostAsync(string path, string body, string contentType = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        // A long body is announced first, so that a refusal arrives before the body is sent, not while the connection breaks.
        request.Headers.ExpectContinue = body.Length > 100_000;
        using var answer = await _http.SendAsync(request);
        return await ReadAsync(answer);
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Client(Uri service, string? key)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = service, Timeout = TimeSpan.FromSeconds(30) };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private async Task<T> PostAsync<T>(string path, object body)
    {
        using var content = JsonContent.Create(body, body.GetType(), options: Json);
        using var answer = await _http.PostAsync(path, content);
        if (answer.IsSuccessStatusCode)
            return await answer.Content.ReadFromJsonAsync<T>(Json) ?? throw new ServiceException((int)answer.StatusCode, "Empty answer", path);
        throw Refusal(await ReadAsync(answer));
    }

    private static ServiceException Refusal(Reply reply)
    {
        try
        {
            using var problem = JsonDocument.Parse(reply.Body);
            string Field(string name) => problem.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
            return new ServiceException(reply.Status, Field("title"), Field("detail"));
        }
        catch (JsonException)
        {
            return new ServiceException(reply.Status, "No problem details", reply.Body);
        }
    }

    private static async Task<Reply> ReadAsync(HttpResponseMessage answer) =>
        new((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString() ?? "", await answer.Content.ReadAsStringAsync());
}
