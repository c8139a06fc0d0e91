namespace Course.Serving;

/// <summary>
/// A trained model as one file: weights, preprocessing, label names and versions, protected by a checksum.
/// The file holds numbers and text only, so that loading one never runs code.
/// </summary>
public sealed partial class ModelArtefact
{
    private readonly IReadOnlyList<StoredTensor> tensors;

    internal ModelArtefact(ArtefactInfo info, IReadOnlyList<StoredTensor> tensors)
    {
        info.Validate();
        Info = info;
        this.tensors = tensors;
    }

    public ArtefactInfo Info { get; }

    /// <summary>The weights, in the order of the module's state dictionary.</summary>
    public IReadOnlyList<StoredTensor> Tensors => tensors;

    /// <summary>How many numbers the weights are.</summary>
    public long ParameterCount => tensors.Sum(tensor => tensor.ExpectedBytes() / StoredTensor.SizeOf(tensor.Type));

    /// <summary>SHA-256 of the file's content, in hexadecimal: the identity of this model.</summary>
    public string Checksum => Convert.ToHexStringLower(ArtefactFile.Write(this).AsSpan()[^ArtefactFile.ChecksumLength..]);

    /// <summary>Writes to a temporary file first and renames it, so that no reader ever sees half a model.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(ArtefactFile.Write(this)));

    /// <summary>Reads and verifies a file.</summary>
    /// <exception cref="ArtefactException">The file is no artefact, was cut off, changed, or contradicts itself.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ModelArtefact Load(string path) => ArtefactFile.Read(File.ReadAllBytes(path), path);
}
