using static TorchSharp.torch;

namespace TorchSharp.IO;

/// <summary>
/// A state dictionary as TorchSharp stores it: the number of entries (LEB128), then each name (as BinaryWriter writes strings) and its tensor.
/// </summary>
internal static class StateFile
{
    internal static void Write(BinaryWriter writer, Dictionary<string, Tensor> state, IList<string>? skip)
    {
        var entries = state.Where(item => skip is null || !skip.Contains(item.Key)).ToList();
        writer.Encode(entries.Count);
        foreach (var (name, tensor) in entries)
        {
            writer.Write(name);
            TensorFile.Write(writer, tensor);
        }
        writer.Flush();
    }

    /// <summary>Reads everything, checks everything, and only then copies into <paramref name="state"/>.</summary>
    internal static void Read(BinaryReader reader, Dictionary<string, Tensor> state, bool strict, IList<string>? skip, Dictionary<string, bool>? loaded)
    {
        using var scope = DisposeScope.ForTemporaries();
        var values = new Dictionary<string, Tensor>();
        var unexpected = new List<string>();
        long count = reader.Decode("the number of entries");
        for (long i = 0; i < count; i++)
        {
            string name = ReadName(reader, i, count);
            var header = TensorFile.ReadHeader(reader, name);
            bool wanted = skip is null || !skip.Contains(name);
            if (wanted && state.TryGetValue(name, out var target))
            {
                RequireShape(name, target, header.Shape);
                if (target.dtype != header.Type)
                    throw new ArgumentException($"Mismatched dtype of '{name}': the module has {target.dtype}, the file {header}. Convert the module first, with to({header.Type}).");
                values[name] = TensorFile.ReadData(reader, header, name);
            }
            else
            {
                if (wanted)
                    unexpected.Add(name);
                TensorFile.Skip(reader, header, name);
            }
        }
        var missing = state.Keys.Where(name => !values.ContainsKey(name) && (skip is null || !skip.Contains(name))).ToList();
        if (strict && (missing.Count > 0 || unexpected.Count > 0))
            throw new ArgumentException($"The file holds the weights of another architecture: {Differences(missing, unexpected)}");
        using (no_grad())
            foreach (var (name, value) in values)
                state[name].copy_(value);
        if (loaded is null)
            return;
        foreach (string name in state.Keys)
            loaded[name] = values.ContainsKey(name);
        foreach (string name in unexpected)
            loaded[name] = false;
    }

    private static string ReadName(BinaryReader reader, long index, long count)
    {
        try
        {
            return reader.ReadString();
        }
        catch (Exception damage) when (damage is EndOfStreamException or FormatException or IOException)
        {
            throw new InvalidDataException($"The file ends or is damaged before the name of entry {index + 1} of {count}.", damage);
        }
    }

    internal static void RequireShape(string name, Tensor target, long[] shape)
    {
        if (!target.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"Mismatched shape of '{name}': the module has [{string.Join(", ", target.shape)}], the weights have [{string.Join(", ", shape)}].");
    }

    /// <summary>The first names on either side that the other lacks.</summary>
    internal static string Differences(List<string> missing, List<string> unexpected)
    {
        static string List(List<string> names) => string.Join(", ", names.Take(3).Select(name => $"'{name}'")) + (names.Count > 3 ? $" and {names.Count - 3} more" : "");
        var parts = new List<string>();
        if (missing.Count > 0)
            parts.Add($"{List(missing)} not in the weights");
        if (unexpected.Count > 0)
            parts.Add($"{List(unexpected)} not in the module");
        return string.Join("; ", parts) + ".";
    }
}
