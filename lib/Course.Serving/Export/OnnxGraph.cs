using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Course.Serving;

/// <summary>
/// Writes a network as an ONNX graph (opset 17, https://onnx.ai/onnx/operators): inputs first, then modules and operations, at the end
/// the outputs. A sample runs through the network beside the graph. The first axis of inputs and outputs is the batch, of any size.
/// </summary>
public sealed class OnnxGraph : IDisposable
{
    /// <summary>Version of the operators.</summary>
    public const int Opset = 17;

    private const string BatchAxis = "batch";

    // IR 8 is the one that came with opset 17.
    private const int IrVersion = 8, SampleCount = 2;

    private readonly GraphProto _graph;
    private readonly OnnxModules _modules;
    private readonly DisposeScope _scope = NewDisposeScope();
    private int _count;

    /// <param name="name">Name of the graph, for example the model's.</param>
    /// <param name="writers">How modules are written that are not TorchSharp's own; null for none.</param>
    public OnnxGraph(string name, OnnxModules? writers = null) => (_graph, _modules) = (new GraphProto { Name = name }, writers ?? new());

    /// <summary>An input of the network.</summary>
    /// <param name="shape">Its shape without the batch.</param>
    /// <param name="below">For whole numbers, such as words of a vocabulary: they are from 0 to below this; 0 for 32-bit floats.</param>
    public OnnxValue Input(string name, IReadOnlyList<long> shape, long below = 0)
    {
        long[] full = [SampleCount, .. shape];
        // No random numbers: an export must not move the generator.
        var count = arange(full.Aggregate(1L, (a, b) => a * b), dtype: ScalarType.Float64);
        var sample = below > 0 ? count.to(ScalarType.Int64).remainder(below).reshape(full) : (count * 1.7).sin().to(ScalarType.Float32).reshape(full);
        _graph.Input.Add(Described(name, sample));
        return new(name, sample);
    }

    /// <summary>The result of a module.</summary>
    /// <param name="place">Where it stands, for messages and names.</param>
    /// <exception cref="OnnxExportException">No writer knows the module.</exception>
    public OnnxValue Module(nn.Module<Tensor, Tensor> module, OnnxValue input, string place = OnnxModules.Root) => _modules.Write(this, module, input, place);

    /// <summary>The result of an operator.</summary>
    /// <param name="operation">Name of the operator, for example <c>Relu</c>.</param>
    /// <param name="sample">What it gives for the sample.</param>
    /// <param name="inputs">Names of values and constants.</param>
    /// <param name="attributes">Whole numbers (long), lists of them, single floats, or text.</param>
    public OnnxValue Node(string operation, Tensor sample, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        string result = $"{operation.ToLowerInvariant()}_{_count++}";
        var node = new NodeProto { OpType = operation, Name = $"node_{result}" };
        node.Input.AddRange(inputs);
        node.Output.Add(result);
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _graph.Node.Add(node);
        return new(result, sample);
    }

    /// <summary>A rectifier.</summary>
    public OnnxValue Relu(OnnxValue x) => Node("Relu", nn.functional.relu(x.Sample), [x.Name]);

    /// <summary>An elementwise sum.</summary>
    public OnnxValue Add(OnnxValue a, OnnxValue b) => Node("Add", a.Sample + b.Sample, [a.Name, b.Name]);

    /// <summary>Constant numbers of the network: weights, shapes.</summary>
    /// <returns>Their name.</returns>
    public string Constant(Tensor values, string name)
    {
        using var scope = NewDisposeScope();
        var plain = values.detach().cpu().contiguous();
        bool integers = plain.dtype == ScalarType.Int64;
        var constant = new TensorProto { Name = $"{name}_{_count++}", DataType = (int)TypeOf(plain) };
        constant.Dims.AddRange(plain.shape);
        constant.RawData = ByteString.CopyFrom(integers
            ? MemoryMarshal.AsBytes(plain.data<long>().ToArray().AsSpan())
            : MemoryMarshal.AsBytes(plain.to(ScalarType.Float32).data<float>().ToArray().AsSpan()));
        _graph.Initializer.Add(constant);
        return constant.Name;
    }

    /// <summary>Names an output of the network.</summary>
    public void Output(OnnxValue value, string name)
    {
        _graph.Node.Add(new NodeProto { OpType = "Identity", Name = $"node_{name}", Input = { value.Name }, Output = { name } });
        _graph.Output.Add(Described(name, value.Sample));
    }

    /// <summary>The finished model, as the bytes of an <c>.onnx</c> file.</summary>
    /// <param name="notes">Kept with it: names and texts.</param>
    public byte[] ToBytes(IReadOnlyDictionary<string, string>? notes = null)
    {
        if (_graph.Output.Count == 0)
            throw new InvalidOperationException("The graph has no output: name one with Output.");
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "Course.Serving", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        foreach (var (key, value) in notes ?? new Dictionary<string, string>())
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model.ToByteArray();
    }

    public void Dispose() => _scope.Dispose();

    private static TensorProto.Types.DataType TypeOf(Tensor tensor) => tensor.dtype == ScalarType.Int64 ? TensorProto.Types.DataType.Int64 : TensorProto.Types.DataType.Float;

    private static ValueInfoProto Described(string name, Tensor sample)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = BatchAxis });
        foreach (long size in sample.shape.Skip(1))
            dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TypeOf(sample), Shape = dimensions } } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long whole:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, whole);
                break;
            case double real:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, (float)real);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case IEnumerable<long> many:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(many);
                break;
            default:
                throw new ArgumentException($"Attribute '{name}' is a {value.GetType().Name}; an operator takes long, lists of long, double and text.");
        }
        return attribute;
    }
}
