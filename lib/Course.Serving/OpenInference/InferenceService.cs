using System.Runtime.InteropServices;
using Course.Serving.Inference;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Course.Serving;

/// <summary>The Open Inference Protocol, version 2, over gRPC: the same models, keys, limits and refusals as over REST.</summary>
internal sealed class InferenceService(ServedModels models, ServiceOptions options, ServiceState state, Endpoints endpoints) : GRPCInferenceService.GRPCInferenceServiceBase
{
    public void AddTo(IServiceCollection services, InputRules rules)
    {
        services.AddSingleton(this);
        services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = LongestMessage(rules));
    }

    /// <summary>The longest message of the calls that carry no inputs, in bytes.</summary>
    public const int ShortMessage = 4096;

    /// <summary>The longest message that the model's inputs can need, in bytes: ten for a number (a negative one in a list), and something around it.</summary>
    public static int LongestMessage(InputRules rules) => checked((int)Math.Min(int.MaxValue, ShortMessage + 10L * rules.Size * rules.MostInputs));

    public static void Map(IEndpointRouteBuilder app) => app.MapGrpcService<InferenceService>().Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<GrpcMethodMetadata>().SingleOrDefault()?.Method.Name == nameof(ModelInfer))
            endpoint.Metadata.Add(new NeedsScope(KeyScopes.Predict));
    });

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) => Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) => Task.FromResult(new ServerReadyResponse { Ready = state.IsReady });

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse { Name = OpenInferenceEndpoints.ServerName, Version = OpenInferenceEndpoints.ServerVersion });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        var model = Find(context, request.Name, request.Version);
        return Task.FromResult(new ModelReadyResponse { Ready = state.IsReady && model.Batcher.Busy <= options.StuckAfter });
    }

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        var info = Find(context, request.Name, request.Version).Info;
        var answer = new ModelMetadataResponse { Name = info.Name, Platform = OpenInferenceEndpoints.Platform };
        answer.Versions.AddRange(models.Loaded.Where(other => other.Info.Name == info.Name).Select(other => other.Info.Version));
        answer.Inputs.Add(new ModelMetadataResponse.Types.TensorMetadata { Name = InferRequest.InputName, Datatype = "FP32", Shape = { -1L, info.Preprocessing.InputShape } });
        answer.Outputs.Add(new ModelMetadataResponse.Types.TensorMetadata { Name = InferRequest.OutputName, Datatype = "FP32", Shape = { -1L, info.Labels.Count } });
        return Task.FromResult(answer);
    }

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        // The message is here now: only its true size counts from now on.
        http.Features.Get<BudgetLease>()?.ShrinkTo(Math.Max(2L * request.CalculateSize(), 16L * ValuesOf(request)));
        if (models.Enter(request.ModelName, Version(request.ModelVersion)) is not { } model)
            throw Fault(context, NoModel(request.ModelName, request.ModelVersion));
        http.Features.Set(model);
        try
        {
            var inputs = new List<float[]>();
            var refusal = endpoints.Admit(http, model) ?? InferMessage.Read(request, model.Rules, model.Info.Preprocessing.InputShape, inputs);
            ArraySegment<Scores> scores = [];
            if (refusal is null)
                (refusal, scores) = await endpoints.ComputeAsync(model, inputs, context.CancellationToken);
            return refusal is not null ? throw Fault(context, refusal) : Answer(request, model.Info, scores);
        }
        finally
        {
            model.Leave();
        }
    }

    private static ModelInferResponse Answer(ModelInferRequest request, ArtefactInfo info, IReadOnlyList<Scores> scores)
    {
        var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = InferRequest.OutputName, Datatype = "FP32", Shape = { scores.Count, info.Labels.Count } };
        var answer = new ModelInferResponse { ModelName = info.Name, ModelVersion = info.Version, Id = request.Id, Outputs = { tensor } };
        float[] values = [.. scores.SelectMany(one => one.Probabilities)];
        // Who sends bytes gets bytes.
        if (request.RawInputContents.Count > 0)
            answer.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(MemoryMarshal.AsBytes<float>(values).ToArray()));
        else
            tensor.Contents = new InferTensorContents { Fp32Contents = { values } };
        return answer;
    }

    private ServedModel Find(ServerCallContext context, string name, string version) => models.Find(name, Version(version)) ?? throw Fault(context, NoModel(name, version));

    private static string? Version(string version) => version.Length == 0 ? null : version;

    private static Refusal NoModel(string name, string version) => new(404, "Not found", OpenInferenceEndpoints.NoModel(Endpoints.Shown(name), Version(Endpoints.Shown(version))));

    /// <summary>Values in lists, of which a small one is a byte in the message and four or eight in a list that grows by doubling.</summary>
    private static int ValuesOf(ModelInferRequest request) => request.Inputs.Sum(tensor => tensor.Contents is not { } lists ? 0
        : lists.BoolContents.Count + lists.IntContents.Count + lists.Int64Contents.Count + lists.UintContents.Count + lists.Uint64Contents.Count + lists.Fp32Contents.Count + lists.Fp64Contents.Count + lists.BytesContents.Count);

    private static RpcException Fault(ServerCallContext context, Refusal refusal)
    {
        // By this the request is counted and logged.
        context.GetHttpContext().Features.Set(refusal);
        return new RpcException(new Status(GrpcStatus.Of(refusal), refusal.Detail));
    }
}
