using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Course;

/// <summary>
/// The artefact's file format, version 2. All numbers are little-endian.
/// <code>
/// offset 0   8 bytes   "CSMODEL\n"
///        8   int32     version of the format
///       12   int64     length h of the header
///       20   int64     length w of the numbers
///       28   h bytes   header: JSON in UTF-8
///     28+h   w bytes   weights and golden inputs, in the header's order
///   28+h+w  32 bytes   SHA-256 of everything before
/// </code>
/// </summary>
internal static class ArtefactFile
{
    public const int FormatVersion = 2;
    public const int ChecksumLength = SHA256.HashSizeInBytes;
    private const int PrefixLength = 28;

    private static ReadOnlySpan<byte> Magic => "CSMODEL\n"u8;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, MaxDepth = 8 };

    private sealed record Header(ArtefactInfo Info, IReadOnlyList<StoredShape> Tensors, IReadOnlyList<StoredShape> Golden);

    private sealed record StoredShape(string Name, string Type, IReadOnlyList<long> Shape);

    public static byte[] Write(ArtefactInfo info, IReadOnlyList<StoredTensor> tensors, IReadOnlyList<StoredTensor> golden)
    {
        static StoredShape[] Shapes(IEnumerable<StoredTensor> stored) => [.. stored.Select(tensor => new StoredShape(tensor.Name, tensor.Type, tensor.Shape))];
        byte[] header = JsonSerializer.SerializeToUtf8Bytes(new Header(info, Shapes(tensors), Shapes(golden)), Json);
        long weights = tensors.Concat(golden).Sum(tensor => (long)tensor.Data.Length);
        byte[] file = new byte[checked(PrefixLength + header.Length + weights + ChecksumLength)];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(12), header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(20), weights);
        header.CopyTo(file, PrefixLength);
        int at = PrefixLength + header.Length;
        foreach (var tensor in tensors.Concat(golden))
        {
            tensor.Data.Span.CopyTo(file.AsSpan(at));
            at += tensor.Data.Length;
        }
        SHA256.HashData(file.AsSpan(0, at), file.AsSpan(at));
        return file;
    }

    public static ModelArtefact Read(byte[] file, string path)
    {
        int start = Math.Min(file.Length, Magic.Length);
        if (file.Length == 0 || !file.AsSpan(0, start).SequenceEqual(Magic[..start]))
            throw Refuse(ArtefactFault.NotAnArtefact, "is not a model artefact: it does not begin with 'CSMODEL'. Was it written by ModelArtefact.Save?");
        if (file.Length < PrefixLength)
            throw Refuse(ArtefactFault.WrongLength, $"ends after {file.Length} bytes, inside its first {PrefixLength}. Copy it again");
        int version = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        if (version != FormatVersion)
            throw Refuse(ArtefactFault.NewerFormat, $"has format version {version}; this library reads version {FormatVersion}. Update the library, or save the model again with this one");
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(12));
        long weightLength = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(20));
        if (headerLength < 0 || weightLength < 0 || headerLength > int.MaxValue || weightLength > int.MaxValue)
            throw Refuse(ArtefactFault.Damaged, $"claims a header of {headerLength} and weights of {weightLength} bytes, which cannot be. Copy it again");
        long expected = PrefixLength + headerLength + weightLength + ChecksumLength;
        if (file.Length != expected)
            throw Refuse(ArtefactFault.WrongLength, $"has {file.Length} bytes instead of {expected}: {(file.Length < expected ? "it was cut off" : "something was appended")}. Copy it again");
        var content = file.AsSpan(0, (int)(expected - ChecksumLength));
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        SHA256.HashData(content, checksum);
        if (!checksum.SequenceEqual(file.AsSpan(content.Length)))
            throw Refuse(ArtefactFault.Damaged, $"is damaged: its content has the SHA-256 {Convert.ToHexStringLower(checksum)[..16]}…, the file says {Convert.ToHexStringLower(file.AsSpan(content.Length))[..16]}…. Copy it again; never repair it by hand");
        return Assemble();

        // A matching checksum proves that the file is as it was written, not that its writer was honest.
        ModelArtefact Assemble()
        {
            try
            {
                var header = JsonSerializer.Deserialize<Header>(file.AsSpan(PrefixLength, (int)headerLength), Json);
                if (header?.Info is null || header.Tensors is null || header.Golden is null)
                    throw new JsonException("'info', 'tensors' or 'golden' is missing");
                long at = PrefixLength + headerLength, end = at + weightLength;
                var tensors = Stored(file, header.Tensors, ref at, end);
                var golden = Stored(file, header.Golden, ref at, end);
                if (at != end)
                    throw new JsonException($"{end - at} bytes of numbers belong to no tensor");
                var artefact = new ModelArtefact(file, header.Info, tensors, golden);
                CheckGolden(artefact);
                return artefact;
            }
            catch (Exception fault) when (fault is JsonException or ArgumentException or NotSupportedException or OverflowException)
            {
                throw Refuse(ArtefactFault.Inconsistent, $"contradicts itself: {fault.Message.TrimEnd('.')}. Save the model again", fault);
            }
        }

        ArtefactException Refuse(ArtefactFault fault, string what, Exception? inner = null) =>
            new(fault, $"'{path}' {what}{(what.EndsWith('?') ? "" : ".")}", inner);
    }

    private static List<StoredTensor> Stored(byte[] file, IReadOnlyList<StoredShape> shapes, ref long at, long end)
    {
        var tensors = new List<StoredTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var shape in shapes)
        {
            if (shape is null)
                throw new JsonException("a tensor is null");
            if (string.IsNullOrEmpty(shape.Name) || !names.Add(shape.Name))
                throw new JsonException($"tensor name '{shape.Name}' is empty or occurs twice");
            if (shape.Shape is null || shape.Shape.Any(size => size < 0))
                throw new JsonException($"tensor '{shape.Name}' has no shape, or a negative size");
            var tensor = new StoredTensor(shape.Name, shape.Type, shape.Shape) { Data = default };
            long bytes = tensor.ExpectedBytes();
            if (bytes > end - at)
                throw new JsonException($"tensor '{shape.Name}' {tensor.Describe()} needs {bytes} bytes, only {end - at} are left");
            tensors.Add(tensor with { Data = file.AsMemory((int)at, (int)bytes) });
            at += bytes;
        }
        return tensors;
    }

    private static void CheckGolden(ModelArtefact artefact)
    {
        var (golden, info) = (artefact.Golden, artefact.Info);
        if (golden.Count == 0)
            return;
        bool fits = golden is [{ Name: "inputs", Type: "float32" } inputs, { Name: "answers", Type: "float32" } answers]
            && inputs.Shape.Count > 0 && inputs.Shape.Skip(1).SequenceEqual(info.Preprocessing.InputShape) && answers.Shape.SequenceEqual([inputs.Shape[0], info.Labels.Count]);
        if (!fits)
            throw new JsonException($"golden inputs must be [n, {string.Join(", ", info.Preprocessing.InputShape)}] and their answers [n, {info.Labels.Count}], both float32; stored are {string.Join(" and ", golden.Select(t => t.Describe()))}");
    }
}
