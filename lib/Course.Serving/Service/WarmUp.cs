using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Course.Serving.Inference;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Course.Serving;

/// <summary>
/// The requests by which a service tries itself over a real connection before it is ready: numbers, a picture, gRPC and metrics. No client
/// pays for what is compiled at first use, and what answers requests is loaded: a process that has no free handle when it loads an
/// assembly for the first time never loads it again, so a crowd before the first request would silence the service for ever.
/// Batches, <c>/v2</c> and JPEG are not asked: their first requests take 10 to 20 ms on two busy cores, less than it would cost to ask here.
/// Nor is the description of the interface, which takes half a second once and is for people.
/// </summary>
internal sealed class WarmUp
{
    private const string Header = "Course-Warm-Up";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _secret = RandomNumberGenerator.GetHexString(32);

    /// <summary>Whether the request is one of these; they need no key, and there are none once the service is ready.</summary>
    public bool Sent(HttpRequest request) =>
        request.Headers[Header] is [{ } given] && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(_secret));

    /// <exception cref="IOException">The service does not answer itself.</exception>
    public async Task RunAsync(Uri url, Uri? grpc, string host, ServedModel model)
    {
        // It speaks to itself: there is nobody to deceive it.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { Timeout = Patience };
        client.DefaultRequestHeaders.Add(Header, _secret);
        try
        {
            await AskAsync(client, url, host, "/health");
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            throw new IOException($"The service at {url} does not answer itself: {fault.GetBaseException().Message}", fault);
        }
        var requests = new List<Task> { AskAsync(client, url, host, "/metrics"), AskAsync(client, url, host, "/v1/predict", Numbers(model), "application/json") };
        if (model.Pictures is not null)
            requests.Add(AskAsync(client, url, host, "/v1/predict", Picture(), "image/png"));
        if (grpc is not null)
            requests.Add(AskAsync(client, grpc, host, "/inference.GRPCInferenceService/ModelInfer", Call(model), "application/grpc", HttpVersion.Version20));
        try
        {
            await Task.WhenAll(requests);
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            // A model that is slow at first is no reason not to serve it.
        }
        // What follows is the host's: not on a thread that reads connections.
        await Task.Yield();
    }

    private static async Task AskAsync(HttpClient client, Uri url, string host, string path, byte[]? body = null, string? type = null, Version? version = null)
    {
        var near = new UriBuilder(url) { Path = path };
        if (near.Host is "0.0.0.0" or "[::]")
            near.Host = near.Host == "[::]" ? "[::1]" : "127.0.0.1";
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, near.Uri);
        if (version is not null)
            (request.Version, request.VersionPolicy) = (version, HttpVersionPolicy.RequestVersionExact);
        request.Headers.Host = host.Contains('*') ? "localhost" : host;
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type!) } };
        using var answer = await client.SendAsync(request);
    }

    private static byte[] Numbers(ServedModel model)
    {
        string number = model.Rules.Minimum.ToString("R", CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes($"{{\"input\":[{string.Join(',', Enumerable.Repeat(number, model.Rules.Size))}]}}");
    }

    private static byte[] Picture() => Png.Encode(new PixelImage(32, 32, PixelLayout.Rgba, new byte[32 * 32 * 4]));

    private static byte[] Call(ServedModel model)
    {
        var input = new ModelInferRequest.Types.InferInputTensor { Name = InferRequest.InputName, Datatype = "FP32", Shape = { 1L, model.Info.Preprocessing.InputShape } };
        input.Contents = new InferTensorContents { Fp32Contents = { Enumerable.Repeat((float)model.Rules.Minimum, model.Rules.Size) } };
        byte[] message = new ModelInferRequest { ModelName = model.Info.Name, Inputs = { input } }.ToByteArray();
        byte[] frame = [0, 0, 0, 0, 0, .. message];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        return frame;
    }
}
