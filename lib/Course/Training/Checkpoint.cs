using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Course.Base;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Course;

/// <summary>Everything that training needs to go on: weights, best weights so far, optimiser state, history. One file, written whole or not at all.</summary>
internal static class Checkpoint
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Save(string path, CheckpointState state, nn.Module model, optim.Optimizer optimizer, byte[] best) => AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Put(zip, "state.json", JsonSerializer.SerializeToUtf8Bytes(state, Json));
        Put(zip, "model.dat", Weights(model));
        Put(zip, "best.dat", best);
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, System.Text.Encoding.UTF8, leaveOpen: true))
            Helper(optimizer).save_state_dict(writer);
        Put(zip, "optimizer.dat", buffer.ToArray());
    });

    /// <exception cref="InvalidDataException">Damaged, or of another training than this one; names the file. Model and optimiser are as before.</exception>
    public static (CheckpointState State, byte[] Best) Load(string path, string fingerprint, nn.Module model, optim.Optimizer optimizer)
    {
        byte[] before = Weights(model);
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var state = JsonSerializer.Deserialize<CheckpointState>(Get(zip, "state.json"), Json) ?? throw new InvalidDataException("no state");
            if (state.Fingerprint != fingerprint)
                throw new InvalidDataException($"it belongs to another training ({state.Fingerprint}), this one is {fingerprint}");
            var (weights, best, momentum) = (Get(zip, "model.dat"), Get(zip, "best.dat"), Get(zip, "optimizer.dat"));
            Restore(model, weights);
            using var reader = new BinaryReader(new MemoryStream(momentum));
            Helper(optimizer).load_state_dict(reader);
            return (state, best);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or IOException or ArgumentException)
        {
            Restore(model, before);
            throw new InvalidDataException($"{path}: this checkpoint cannot be resumed: {e.Message}. Delete it to start anew.", e);
        }
    }

    public static byte[] Weights(nn.Module model)
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, System.Text.Encoding.UTF8, leaveOpen: true))
            model.save(writer);
        return buffer.ToArray();
    }

    public static void Restore(nn.Module model, byte[] weights)
    {
        using var reader = new BinaryReader(new MemoryStream(weights));
        model.load(reader);
    }

    private static OptimizerHelper Helper(optim.Optimizer optimizer) => optimizer as OptimizerHelper
        ?? throw new NotSupportedException($"{optimizer.GetType().Name} cannot save its state; train without a checkpoint.");

    private static void Put(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }

    private static byte[] Get(ZipArchive zip, string name)
    {
        using var content = (zip.GetEntry(name) ?? throw new InvalidDataException($"{name} is missing")).Open();
        using var buffer = new MemoryStream();
        content.CopyTo(buffer);
        return buffer.ToArray();
    }
}

/// <param name="Fingerprint">What must agree for a resumed run to continue the same training.</param>
/// <param name="Best">What was watched, in its best epoch so far (<see cref="History.Watched"/>).</param>
/// <param name="Waited">Epochs since then.</param>
internal sealed record CheckpointState(string Fingerprint, IReadOnlyList<EpochResult> Epochs, double Best, int Waited, bool Stopped);
