using System.Buffers.Binary;
using Course.Serving.Inference;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Course.Serving;

/// <summary>Reads and checks an inference request that came over gRPC: one input tensor, its first dimension being the batch.</summary>
internal static class InferMessage
{
    /// <summary>Bytes before a message: whether it is compressed, and its length.</summary>
    public const int FrameHead = 5;

    private const int MostFields = 64;

    /// <summary>
    /// What is wrong with the body of a call: it must be one message of the method's type behind its head. A message that takes inputs has
    /// at most 64 fields, and each of its tensors too: an empty tensor takes two bytes here and hundreds when it has become an object.
    /// gRPC's own reader would call all of that a fault of the server.
    /// </summary>
    /// <returns>Null when nothing is.</returns>
    public static Refusal? Problem(byte[] body, MethodDescriptor method)
    {
        int length = body.Length - FrameHead;
        if (length < 0 || body[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)) != length)
            return new(400, "Bad request", "The call must bring one message: a byte 0, its length in four bytes, and so many bytes.");
        try
        {
            using var fields = new CodedInputStream(body, FrameHead, length);
            if (method.InputType == ModelInferRequest.Descriptor && !HasFewFields(fields, ModelInferRequest.InputsFieldNumber))
                return new(400, "Bad request", "The message has more fields than an inference needs.");
            method.InputType.Parser.ParseFrom(body, FrameHead, length);
            return null;
        }
        catch (InvalidProtocolBufferException)
        {
            return new(400, "Bad request", $"The message is no {method.InputType.Name}.");
        }
    }

    private static bool HasFewFields(CodedInputStream message, int inside)
    {
        int fields = 0;
        while (message.ReadTag() is var tag and not 0)
        {
            if (++fields > MostFields)
                return false;
            if (WireFormat.GetTagFieldNumber(tag) != inside || WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
                message.SkipLastField();
            else if (!HasFewFields(message.ReadBytes().CreateCodedInput(), 0))
                return false;
        }
        return true;
    }

    /// <param name="inputs">Receives the inputs.</param>
    public static Refusal? Read(ModelInferRequest request, InputRules rules, IReadOnlyList<long> shape, List<float[]> inputs)
    {
        if (request.Inputs is not [var tensor] || tensor.Name != InferRequest.InputName)
            return Bad($"'inputs' must hold one tensor, '{InferRequest.InputName}'.");
        if (request.Outputs.Any(output => output.Name != InferRequest.OutputName))
            return Bad($"The only output is '{InferRequest.OutputName}'.");
        if (tensor.Shape.Count != shape.Count + 1 || !tensor.Shape.Skip(1).SequenceEqual(shape) || tensor.Shape[0] < 1 || tensor.Shape[0] > rules.MostInputs)
            return Bad($"'shape' is [{string.Join(", ", tensor.Shape.Take(10))}]; it must be [n, {string.Join(", ", shape)}], n from 1 to {rules.MostInputs}.");
        int count = checked((int)tensor.Shape[0] * rules.Size), given;
        Func<int, double>? value;
        if (request.RawInputContents.Count > 0)
        {
            if (request.RawInputContents is not [var raw])
                return Bad("'raw_input_contents' must hold one element, as there is one input.");
            (int bytes, value) = Raw(tensor.Datatype, raw.Memory);
            if (bytes > 0 && raw.Length % bytes != 0)
                return Bad($"'raw_input_contents' has {raw.Length} bytes, which is no multiple of the {bytes} of {tensor.Datatype}.");
            given = bytes > 0 ? raw.Length / bytes : 0;
        }
        else
        {
            (given, value) = Listed(tensor.Datatype, tensor.Contents ?? new());
        }
        if (value is null)
            return Bad($"'datatype' must be one of {string.Join(", ", InferRequest.Datatypes)}.");
        if (given != count)
            return Bad($"'{tensor.Name}' has {given} values of {tensor.Datatype}; the shape needs {count}.");
        for (int i = 0; i < tensor.Shape[0]; i++)
        {
            float[] input = new float[rules.Size];
            for (int j = 0; j < input.Length; j++)
            {
                double one = value(i * rules.Size + j);
                if (!(one >= rules.Minimum && one <= rules.Maximum))
                    return Bad(FormattableString.Invariant($"value {i * rules.Size + j} is {one}; values lie between {rules.Minimum} and {rules.Maximum}."));
                input[j] = (float)one;
            }
            inputs.Add(input);
        }
        return null;
    }

    private static (int Bytes, Func<int, double>? Value) Raw(string datatype, ReadOnlyMemory<byte> raw) => datatype switch
    {
        "FP32" => (4, i => BinaryPrimitives.ReadSingleLittleEndian(raw.Span[(4 * i)..])),
        "FP64" => (8, i => BinaryPrimitives.ReadDoubleLittleEndian(raw.Span[(8 * i)..])),
        "INT8" => (1, i => (sbyte)raw.Span[i]),
        "INT16" => (2, i => BinaryPrimitives.ReadInt16LittleEndian(raw.Span[(2 * i)..])),
        "INT32" => (4, i => BinaryPrimitives.ReadInt32LittleEndian(raw.Span[(4 * i)..])),
        "INT64" => (8, i => BinaryPrimitives.ReadInt64LittleEndian(raw.Span[(8 * i)..])),
        "UINT8" => (1, i => raw.Span[i]),
        "UINT16" => (2, i => BinaryPrimitives.ReadUInt16LittleEndian(raw.Span[(2 * i)..])),
        "UINT32" => (4, i => BinaryPrimitives.ReadUInt32LittleEndian(raw.Span[(4 * i)..])),
        "UINT64" => (8, i => BinaryPrimitives.ReadUInt64LittleEndian(raw.Span[(8 * i)..])),
        _ => (0, null),
    };

    private static (int Count, Func<int, double>? Value) Listed(string datatype, InferTensorContents contents) => datatype switch
    {
        "FP32" => (contents.Fp32Contents.Count, i => contents.Fp32Contents[i]),
        "FP64" => (contents.Fp64Contents.Count, i => contents.Fp64Contents[i]),
        "INT8" or "INT16" or "INT32" => (contents.IntContents.Count, i => contents.IntContents[i]),
        "INT64" => (contents.Int64Contents.Count, i => contents.Int64Contents[i]),
        "UINT8" or "UINT16" or "UINT32" => (contents.UintContents.Count, i => contents.UintContents[i]),
        "UINT64" => (contents.Uint64Contents.Count, i => contents.Uint64Contents[i]),
        _ => (0, null),
    };

    private static Refusal Bad(string detail) => new(400, "Bad inference request", detail);
}
