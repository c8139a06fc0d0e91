using TorchSharp.IO;
using static TorchSharp.torch;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Writes the tensor in TorchSharp's format.</summary>
        public void save(string location) => this.Save(location);

        /// <summary>Reads a tensor that <see cref="save"/> wrote.</summary>
        public static Tensor load(string location) => torch.load(location);

        /// <summary>Reads a tensor that <c>Save</c> wrote.</summary>
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        public static Tensor Load(string location) => torch.load(location);
    }

    /// <summary>Writes one tensor in TorchSharp's format.</summary>
    public static void save(Tensor t, string location) => t.Save(location);

    /// <summary>Reads a tensor that <see cref="save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or no such file.</exception>
    public static Tensor load(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        return TensorExtensionMethods.Load(reader);
    }
}

public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, string location) => AtomicFile.Write(location, stream => tensor.Save(stream));

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        tensor.Save(writer);
        writer.Flush();
    }

    public static void Save(this Tensor tensor, BinaryWriter writer) => TensorFile.Write(writer, tensor);

    /// <param name="skip">Pass over the data: the result is all zeros.</param>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        var header = TensorFile.ReadHeader(reader, "the tensor");
        if (!skip)
            return TensorFile.ReadData(reader, header, "the tensor");
        TensorFile.Skip(reader, header, "the tensor");
        return zeros(header.Shape, header.Type);
    }

    /// <exception cref="ArgumentException">The stored tensor has another shape or dtype.</exception>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var header = TensorFile.ReadHeader(reader, "the tensor");
        if (skip)
        {
            TensorFile.Skip(reader, header, "the tensor");
            return;
        }
        StateFile.RequireShape("the tensor", tensor, header.Shape);
        if (tensor.dtype != header.Type)
            throw new ArgumentException($"Mismatched dtype: the tensor has {tensor.dtype}, the file {header}.");
        using var value = TensorFile.ReadData(reader, header, "the tensor").AsTemporary();
        using (no_grad())
            tensor.copy_(value);
    }

    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        if (tensor is null)
            tensor = Load(reader, skip);
        else
            tensor.Load(reader, skip);
    }
}
