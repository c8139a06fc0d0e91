using System.Runtime.InteropServices;
using System.Text.Json;
using Course.Serving.Inference;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Course.Serving.Tests;

public sealed class GrpcInferenceTests
{
    private static readonly ServiceOptions WithGrpc = new() { GrpcPort = 0 };

    private static ModelInferRequest Request(params float[] values) => new()
    {
        ModelName = "brightness",
        Id = "42",
        Inputs =
        {
            new ModelInferRequest.Types.InferInputTensor { Name = "input", Datatype = "FP32", Shape = { values.Length / 2, 2 }, Contents = new() { Fp32Contents = { values } } },
        },
    };

    private static ModelInferRequest RawRequest(string datatype, byte[] bytes, int rows) => new()
    {
        ModelName = "brightness",
        ModelVersion = "1.2.0",
        Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "input", Datatype = datatype, Shape = { rows, 2 } } },
        RawInputContents = { ByteString.CopyFrom(bytes) },
    };

    private static async Task<T> WithAsync<T>(ServiceOptions options, Func<GRPCInferenceService.GRPCInferenceServiceClient, PredictionService, Task<T>> body)
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor(), options);
        using var channel = GrpcChannel.ForAddress(service.GrpcUrl!);
        return await body(new(channel), service);
    }

    private static async Task<Status> RefusedAsync(ModelInferRequest request, ServiceOptions? options = null, Metadata? headers = null) =>
        (await WithAsync(options ?? WithGrpc, async (client, _) => await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(request, headers)))).Status;

    [Fact]
    public Task Server_IsLiveReadyAndDescribesItself() => WithAsync(WithGrpc, async (client, service) =>
    {
        Assert.True((await client.ServerLiveAsync(new())).Live);
        Assert.True((await client.ServerReadyAsync(new())).Ready);
        Assert.Equal("course-serving", (await client.ServerMetadataAsync(new())).Name);
        Assert.True((await client.ModelReadyAsync(new() { Name = "brightness", Version = "1.2.0" })).Ready);
        var model = await client.ModelMetadataAsync(new() { Name = "brightness" });
        Assert.Equal(("brightness", "1.2.0"), (model.Name, Assert.Single(model.Versions)));
        Assert.Equal([-1, 2], Assert.Single(model.Inputs).Shape);
        Assert.Equal("probabilities", Assert.Single(model.Outputs).Name);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await client.ModelReadyAsync(new() { Name = "brightness", Version = "9" }))).StatusCode);
        // REST is where it was.
        using var rest = new PredictionClient(service.Url);
        Assert.Equal("bright", (await rest.PredictAsync([255f, 153f])).Label);
        return 0;
    });

    [Fact]
    public Task Infer_ListsAndBytesOfEveryType_GiveTheSameProbabilities() => WithAsync(WithGrpc, async (client, _) =>
    {
        var listed = await client.ModelInferAsync(Request(255, 255, 0, 51));
        Assert.Equal(("brightness", "1.2.0", "42"), (listed.ModelName, listed.ModelVersion, listed.Id));
        Assert.Equal([2, 2], Assert.Single(listed.Outputs).Shape);
        Assert.Equal([0f, 1f, 0.9f, 0.1f], listed.Outputs[0].Contents.Fp32Contents, (a, b) => Math.Abs(a - b) < 1e-6);

        static byte[] Bytes<T>(params T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
        foreach (var (type, bytes) in new[]
        {
            ("FP32", Bytes(0f, 51f)), ("FP64", Bytes(0.0, 51.0)), ("INT8", Bytes<sbyte>(0, 51)), ("INT16", Bytes<short>(0, 51)), ("INT32", Bytes(0, 51)), ("INT64", Bytes(0L, 51L)),
            ("UINT8", Bytes<byte>(0, 51)), ("UINT16", Bytes<ushort>(0, 51)), ("UINT32", Bytes(0u, 51u)), ("UINT64", Bytes(0ul, 51ul)),
        })
        {
            var raw = await client.ModelInferAsync(RawRequest(type, bytes, 1));
            Assert.Null(raw.Outputs[0].Contents);
            Assert.Equal([0.9f, 0.1f], MemoryMarshal.Cast<byte, float>(Assert.Single(raw.RawOutputContents).Span).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        }
        return 0;
    });

    [Fact]
    public async Task Infer_WithABadTensor_IsInvalidArgumentAndSaysWhat()
    {
        Assert.Contains("value 1 is 256", (await RefusedAsync(Request(1, 256))).Detail);
        Assert.Contains("value 1 is NaN", (await RefusedAsync(Request(1, float.NaN))).Detail);
        Assert.Contains("multiple of the 4", (await RefusedAsync(RawRequest("FP32", new byte[7], 1))).Detail);
        Assert.Contains("has 2 values of FP32; the shape needs 4", (await RefusedAsync(RawRequest("FP32", new byte[8], 2))).Detail);
        Assert.Contains("'datatype' must be one of", (await RefusedAsync(RawRequest("BOOL", new byte[2], 1))).Detail);
        var huge = Request(1, 2);
        huge.Inputs[0].Shape[0] = long.MaxValue;
        Assert.Equal(StatusCode.InvalidArgument, (await RefusedAsync(huge)).StatusCode);
        var named = Request(1, 2);
        named.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "logits" });
        Assert.Contains("only output", (await RefusedAsync(named)).Detail);
        var other = Request(1, 2);
        other.ModelName = "other";
        Assert.Equal(StatusCode.NotFound, (await RefusedAsync(other)).StatusCode);
    }

    [Fact]
    public async Task Infer_HasTheLimitsOfRest()
    {
        // Longer than what the model's inputs can need; far longer ones are cut off by the server before gRPC sees their length.
        Assert.Equal(StatusCode.ResourceExhausted, (await RefusedAsync(RawRequest("FP32", new byte[12_000], 1))).StatusCode);
        Assert.NotEqual(StatusCode.OK, (await RefusedAsync(RawRequest("FP32", new byte[100_000], 1))).StatusCode);
        var tooMany = RawRequest("UINT8", new byte[2 * 300], 300);
        Assert.Contains("n from 1 to 256", (await RefusedAsync(tooMany)).Detail);
        Assert.Equal(StatusCode.Internal, (await RefusedAsync(Request(13, 0))).StatusCode);
        Assert.DoesNotContain("secret", (await RefusedAsync(Request(13, 0))).Detail);
    }

    [Fact]
    public async Task Infer_CompressedOrOfCountlessParts_IsRefusedBeforeItTakesMemory()
    {
        Assert.Equal(StatusCode.Unimplemented, (await RefusedAsync(Request(1, 2), headers: new() { { "grpc-internal-encoding-request", "gzip" } })).StatusCode);
        var parts = Request(1, 2);
        for (int i = 0; i < 100; i++)
            parts.Inputs.Add(new ModelInferRequest.Types.InferInputTensor());
        Assert.Contains("more fields", (await RefusedAsync(parts)).Detail);
        var entries = Request(1, 2);
        for (int i = 0; i < 100; i++)
            entries.Inputs[0].Parameters.Add($"{i}", new());
        Assert.Contains("more fields", (await RefusedAsync(entries)).Detail);
        // Calls without inputs have short messages, and need no key.
        var status = await WithAsync(WithGrpc, async (client, _) => await Assert.ThrowsAsync<RpcException>(async () => await client.ModelReadyAsync(new() { Name = new string('x', 8000) })));
        Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode);
    }

    [Fact]
    public async Task Infer_WithoutTheRightKey_IsRefusedAndCounted()
    {
        var predict = ApiKey.Create(KeyScopes.Predict, out string? good, iterations: 1000);
        var admin = ApiKey.Create(KeyScopes.Admin, out string? watching, iterations: 1000);
        var options = WithGrpc with { Keys = [predict, admin] };
        static Metadata Bearer(string secret) => new() { { "authorization", $"Bearer {secret}" } };

        Assert.Equal(StatusCode.Unauthenticated, (await RefusedAsync(Request(1, 2), options)).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await RefusedAsync(Request(1, 2), options, Bearer(watching))).StatusCode);
        await WithAsync(options, async (client, service) =>
        {
            Assert.Equal("1.2.0", (await client.ModelInferAsync(Request(1, 2), Bearer(good))).ModelVersion);
            await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(Request(1, 256), Bearer(good)));
            using var watch = new PredictionClient(service.Url, watching);
            var metrics = new MetricsText((await watch.GetAsync("/metrics")).Body);
            const string route = "/inference.GRPCInferenceService/ModelInfer";
            Assert.Equal(1, metrics.Sum("course_requests_total", ("route", route), ("status", "200"), ("grpc_status", "OK")));
            Assert.Equal(1, metrics.Sum("course_requests_total", ("route", route), ("status", "400"), ("grpc_status", "InvalidArgument")));
            return 0;
        });
    }

    [Fact]
    public async Task Call_ThatFailsOrIsRefused_IsCountedAndLoggedWithItsGrpcStatus()
    {
        var log = new StringWriter();
        var predict = ApiKey.Create(KeyScopes.Predict, out string? good, iterations: 1000);
        await WithAsync(WithGrpc with { Keys = [predict, ApiKey.Create(KeyScopes.Admin, out string? watching, iterations: 1000)], Log = log }, async (client, service) =>
        {
            await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(Request(13, 0), new Metadata { { "authorization", $"Bearer {good}" } }));
            await Assert.ThrowsAsync<RpcException>(async () => await client.ModelInferAsync(Request(1, 2)));
            // What gRPC's own library refuses: a call that nobody answers.
            var unknown = new Method<ServerLiveRequest, ServerLiveResponse>(MethodType.Unary, "inference.GRPCInferenceService", "Nothing",
                Marshallers.Create(_ => Array.Empty<byte>(), _ => new ServerLiveRequest()), Marshallers.Create(_ => Array.Empty<byte>(), _ => new ServerLiveResponse()));
            using var channel = GrpcChannel.ForAddress(service.GrpcUrl!);
            var none = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(unknown, null, new CallOptions(), new()));
            Assert.Equal(StatusCode.Unimplemented, none.StatusCode);
            using var watch = new PredictionClient(service.Url, watching);
            var metrics = new MetricsText((await watch.GetAsync("/metrics")).Body);
            foreach (var (code, status) in new[] { ("Internal", "500"), ("Unauthenticated", "401"), ("Unimplemented", "501") })
                Assert.Equal(1, metrics.Sum("course_requests_total", ("status", status), ("grpc_status", code)));
            return 0;
        });

        var entries = log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Where(entry => entry.TryGetProperty("grpcStatus", out _));
        Assert.Equal([("CallFailed", "Internal", 500), ("CallRefused", "Unauthenticated", 401), ("CallFailed", "Unimplemented", 501)],
            entries.Select(entry => (entry.GetProperty("event").GetString()!, entry.GetProperty("grpcStatus").GetString()!, entry.GetProperty("status").GetInt32())));
    }

    [Fact]
    public async Task Without_AGrpcPort_ThereIsNoGrpc()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor());

        Assert.Null(service.GrpcUrl);
    }
}
