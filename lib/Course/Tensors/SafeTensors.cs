using System.Buffers.Binary;
using System.Text.Json;
using Course.Base;
using static TorchSharp.torch;

namespace Course;

/// <summary>
/// The safetensors format (huggingface.co/docs/safetensors): 8 bytes with the length of a JSON header, the header
/// {name: {dtype, shape, data_offsets}}, then the elements, little-endian. It holds data only, never code.
/// </summary>
public static class SafeTensors
{
    /// <summary>The format's own limit.</summary>
    private const int LongestHeader = 100_000_000;

    private const int BufferSize = 1 << 16;

    private static readonly (string name, ScalarType type, int size)[] Types =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1), ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes tensors by name; the file appears complete or not at all.</summary>
    /// <param name="metadata">Words about the file, such as its licence.</param>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                var (dtype, _, size) = Type(tensor.dtype, name);
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype);
                json.WriteStartArray("shape");
                foreach (long length in tensor.shape)
                    json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.numel() * size);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        AtomicFile.Write(path, file =>
        {
            // Spaces fill the header up, so that the elements start at a multiple of 8.
            int padding = (int)(-header.Length & 7);
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length + padding);
            file.Write(length);
            file.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
            file.Write("        "u8[..padding]);
            using var scope = NewDisposeScope();
            foreach (var tensor in tensors.Values)
                tensor.detach().cpu().contiguous().WriteBytesToStream(file, BufferSize);
        });
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <exception cref="InvalidDataException">The file is no safetensors file, or damaged; the message says what is wrong.</exception>
    public static Dictionary<string, Tensor> Load(string path)
    {
        using var file = File.OpenRead(path);
        var (root, start) = Header(file, path);
        var entries = Entries(root, path);
        CheckLayout(entries, path, file.Length - start);
        var result = new Dictionary<string, Tensor>();
        try
        {
            foreach (var entry in entries)
            {
                var tensor = empty(entry.Shape, entry.Type);
                result.Add(entry.Name, tensor);
                file.Position = start + entry.Begin;
                if (tensor.numel() > 0)
                    tensor.ReadBytesFromStream(file, BufferSize);
            }
            return result;
        }
        catch
        {
            foreach (var tensor in result.Values)
                tensor.Dispose();
            throw;
        }
    }

    /// <summary>The words that were saved with the tensors.</summary>
    /// <exception cref="InvalidDataException">The file is no safetensors file, or damaged; the message says what is wrong.</exception>
    public static Dictionary<string, string> Metadata(string path)
    {
        using var file = File.OpenRead(path);
        if (!Header(file, path).entries.TryGetProperty("__metadata__", out var words))
            return [];
        try
        {
            if (words.ValueKind == JsonValueKind.Object && words.EnumerateObject().All(word => word.Value.ValueKind == JsonValueKind.String))
                return words.EnumerateObject().ToDictionary(word => word.Name, word => word.Value.GetString()!);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            // Half a character, or a name twice.
        }
        throw Damaged(path, $"its __metadata__ is {Shorten(words.GetRawText())}, expected an object of texts");
    }

    /// <summary>A tensor as the header describes it.</summary>
    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

    private static List<Entry> Entries(JsonElement root, string path)
    {
        var entries = new List<Entry>();
        var names = new HashSet<string>();
        try
        {
            foreach (var entry in root.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
            {
                if (!names.Add(entry.Name))
                    throw Damaged(path, $"the entry '{entry.Name}' stands in it twice");
                entries.Add(Read(path, entry));
            }
        }
        catch (InvalidOperationException)
        {
            throw Damaged(path, "a name in its header holds half a character");
        }
        return entries;
    }

    /// <summary>The tensors fill the file: nothing between them, before or behind them, and no byte belongs to two.</summary>
    private static void CheckLayout(List<Entry> entries, string path, long bytes)
    {
        long end = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.End > bytes)
                throw Damaged(path, $"it ends within '{entry.Name}': it was cut off");
            if (entry.Begin < end)
                throw Damaged(path, $"'{entry.Name}' begins at byte {entry.Begin}, within the tensor before it, which ends at {end}");
            if (entry.Begin > end)
                throw Damaged(path, $"{entry.Begin - end} bytes before '{entry.Name}' belong to no tensor");
            end = entry.End;
        }
        if (end < bytes)
            throw Damaged(path, $"{bytes - end} bytes at its end belong to no tensor");
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private static (JsonElement entries, long start) Header(FileStream file, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (file.Length < 8)
            throw Damaged(path, $"it has {file.Length} bytes, expected 8 or more");
        file.ReadExactly(prefix);
        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > LongestHeader || length > file.Length - 8)
            throw Damaged(path, $"its header would have {length} bytes");
        byte[] bytes = new byte[length];
        file.ReadExactly(bytes);
        try
        {
            var root = JsonDocument.Parse(bytes).RootElement;
            return root.ValueKind == JsonValueKind.Object ? (root, 8 + length) : throw Damaged(path, "its header is no JSON object");
        }
        catch (JsonException failure)
        {
            throw Damaged(path, $"its header is no JSON ({failure.Message})");
        }
    }

    private static Entry Read(string path, JsonProperty entry)
    {
        string? dtype = null;
        long[] shape, offsets;
        try
        {
            dtype = entry.Value.GetProperty("dtype").GetString();
            shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        }
        catch (Exception failure) when (failure is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Incomplete(path, entry);
        }
        var (_, type, size) = Types.FirstOrDefault(item => item.name == dtype);
        if (size == 0)
            throw new NotSupportedException($"'{entry.Name}' in {path} has the dtype {dtype}; supported are {string.Join(", ", Types.Select(item => item.name))}.");
        if (shape.Any(length => length < 0) || offsets.Length != 2 || offsets[0] < 0)
            throw Incomplete(path, entry);
        var expected = shape.Aggregate((System.Numerics.BigInteger)size, (product, length) => product * length);
        var given = (System.Numerics.BigInteger)offsets[1] - offsets[0];
        if (expected != given)
            throw Damaged(path, $"'{entry.Name}' of shape [{string.Join(", ", shape)}] needs {expected} bytes, but has {given}");
        return new Entry(entry.Name, type, shape, offsets[0], offsets[1]);
    }

    private static (string name, ScalarType type, int size) Type(ScalarType type, string name) => Types.FirstOrDefault(item => item.type == type) is { size: > 0 } found
        ? found : throw new NotSupportedException($"'{name}' has the dtype {type}, which this writer does not support.");

    private static InvalidDataException Incomplete(string path, JsonProperty entry) =>
        Damaged(path, $"the entry '{entry.Name}' is {entry.Value.GetRawText()}, expected dtype, shape (sizes of 0 or more) and data_offsets (start and end)");

    private static InvalidDataException Damaged(string path, string what) => new($"{path} is no valid safetensors file: {what}.");
}
