using System.Text.Json.Serialization;

namespace Course.Serving;

// The shapes of the Open Inference Protocol's messages over REST, for the description of the interface.

internal sealed record ServerMetadata(string Name, string Version, string[] Extensions);

internal sealed record ServerLive(bool Live);

internal sealed record ServerReady(bool Ready);

internal sealed record ModelMetadata(string Name, string[] Versions, string Platform, TensorMetadata[] Inputs, TensorMetadata[] Outputs);

internal sealed record TensorMetadata(string Name, string Datatype, long[] Shape);

internal sealed record InferBody(string? Id, InferTensor[] Inputs, InferOutput[]? Outputs);

internal sealed record InferOutput(string Name);

internal sealed record InferTensor(string Name, string Datatype, long[] Shape, float[] Data);

internal sealed record InferResponse([property: JsonPropertyName("model_name")] string ModelName, [property: JsonPropertyName("model_version")] string ModelVersion, string? Id, InferTensor[] Outputs);
