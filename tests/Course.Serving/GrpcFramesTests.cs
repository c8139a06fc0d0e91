using System.Net;
using System.Net.Http.Headers;
using Course.Serving.Inference;
using Google.Protobuf;
using Grpc.Core;

namespace Course.Serving.Tests;

/// <summary>What comes over the gRPC port without a client's library: cut, doubled and senseless frames are the sender's fault.</summary>
public sealed class GrpcFramesTests
{
    private static readonly byte[] Good = Frame(new ModelInferRequest
    {
        ModelName = "brightness",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "input", Datatype = "FP32", Shape = { 1, 2 }, Contents = new() { Fp32Contents = { 255f, 153f } } } },
    }.ToByteArray());

    public static TheoryData<string, byte[]> Frames => new()
    {
        { "nothing", [] },
        { "half a head", [0, 0] },
        { "a head without its message", [0, 0, 0, 0, 5] },
        { "a message cut short", Good[..^3] },
        { "a length of four gigabytes", [0, 255, 255, 255, 255, 1] },
        { "a length below the message's", [0, 0, 0, 0, 1, .. Good[5..]] },
        { "two messages", [.. Good, .. Good] },
        { "a message and a byte", [.. Good, 0] },
        { "compressed, without saying how", [1, .. Good[1..]] },
        { "a flag that is none", [7, .. Good[1..]] },
        { "no protobuf", Frame([0xff, 0xff, 0xff]) },
        { "a group that never ends", Frame([0x0b, 0x0b, 0x0b]) },
        { "groups a thousand deep", Frame([.. Enumerable.Repeat((byte)0x0b, 1000)]) },
        { "a text that is no UTF-8", Frame([0x0a, 2, 0xff, 0xfe]) },
        { "a tensor longer than its message", Frame([0x2a, 0x7f, 1]) },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Call_WithABrokenFrame_IsTheClientsFault(string name, byte[] frame)
    {
        var log = new StringWriter();
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), new ServiceOptions { GrpcPort = 0, Log = log });

        var status = await CallAsync(service.GrpcUrl!, frame);

        Assert.True(status is StatusCode.InvalidArgument or StatusCode.ResourceExhausted or StatusCode.Unimplemented, $"{name}: {status}, {log}");
        Assert.Equal(StatusCode.OK, await CallAsync(service.GrpcUrl!, Good));
        Assert.DoesNotContain("\"level\":\"error\"", log.ToString());
    }

    private static byte[] Frame(byte[] message) => [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static async Task<StatusCode> CallAsync(Uri url, byte[] body)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/inference.GRPCInferenceService/ModelInfer")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        using var answer = await http.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        string? code = answer.TrailingHeaders.Concat(answer.Headers).FirstOrDefault(header => header.Key == "grpc-status").Value?.Single();
        return (StatusCode)int.Parse(code ?? throw new InvalidOperationException($"no grpc-status: {answer}"));
    }
}
