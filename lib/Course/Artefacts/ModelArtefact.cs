using Course.Base;

namespace Course;

/// <summary>
/// A trained model as one file: weights, preprocessing, label names, versions, the numbers measured and a few golden inputs with
/// their answers, protected by a checksum. The file holds numbers and text only, so that loading one never runs code.
/// </summary>
public sealed partial class ModelArtefact
{
    /// <summary>No artefact may be larger; a larger file is refused before it is read.</summary>
    public const long LargestFile = 256L << 20;

    private readonly byte[] _file;

    internal ModelArtefact(byte[] file, ArtefactInfo info, IReadOnlyList<StoredTensor> tensors, IReadOnlyList<StoredTensor> golden)
    {
        info.Validate();
        (_file, Info, Tensors, Golden) = (file, info, tensors, golden);
    }

    public ArtefactInfo Info { get; }

    /// <summary>The weights, in the order of the module's state dictionary.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>
    /// Raw inputs [n, input shape] and the probabilities [n, labels] that the model gave when it was saved; empty when none were stored.
    /// </summary>
    public IReadOnlyList<StoredTensor> Golden { get; }

    /// <summary>How many numbers the weights are.</summary>
    public long ParameterCount => Tensors.Sum(tensor => tensor.ExpectedBytes() / StoredTensor.SizeOf(tensor.Type));

    /// <summary>SHA-256 of the file's bytes before the checksum, in hexadecimal: the identity of this model.</summary>
    public string Checksum => Convert.ToHexStringLower(_file.AsSpan()[^ArtefactFile.ChecksumLength..]);

    /// <summary>Writes to a temporary file first and renames it, so that no reader ever sees half a model.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(_file));

    /// <summary>Reads and verifies a file.</summary>
    /// <exception cref="ArtefactException">The file is no artefact, is too large, was cut off, changed, or contradicts itself.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ModelArtefact Load(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length > LargestFile)
            throw new ArtefactException(ArtefactFault.TooLarge, $"'{path}' has {stream.Length:N0} bytes; an artefact has at most {LargestFile:N0}. It was not read.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return ArtefactFile.Read(bytes, path);
    }

    internal static ModelArtefact Create(ArtefactInfo info, IReadOnlyList<StoredTensor> tensors, IReadOnlyList<StoredTensor>? golden = null)
    {
        info.Validate();
        return ArtefactFile.Read(ArtefactFile.Write(info, tensors, golden ?? []), info.Name);
    }
}
