using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary>MNIST as resident tensors, normalised as in row 4.3, and the folder with the same files for a peer.</summary>
internal sealed class DigitTensors : IDisposable
{
    private static readonly string[] Files = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    private DigitTensors(string folder, string source, int images)
    {
        Folder = folder;
        Source = source;
        (TrainImages, TrainLabels) = Read(folder, 0, images);
        (TestImages, TestLabels) = Read(folder, 2, int.MaxValue);
    }

    public string Folder { get; }

    /// <summary>"mnist", or the name of the generated stand-in.</summary>
    public string Source { get; }

    public Tensor TrainImages { get; }
    public Tensor TrainLabels { get; }
    public Tensor TestImages { get; }
    public Tensor TestLabels { get; }

    /// <summary>The files of a folder that has all four.</summary>
    public static DigitTensors From(string folder, int images) => new(folder, Path.GetFileName(folder), images);

    /// <summary>The canonical files where they are on this machine, else the stand-in, generated once.</summary>
    public static DigitTensors Load(DataFolders folders, int images)
    {
        if (folders.FindAll("mnist", Files) is { } found)
            return new DigitTensors(Path.GetDirectoryName(found[0])!, "mnist", images);
        string folder = Path.Combine(folders.Cache, SyntheticDigits.Name);
        Console.Error.WriteLine($"MNIST is not on this machine (course data get mnist); using generated digits in {folder}.");
        Directory.CreateDirectory(folder);
        for (int part = 0; part < 4; part += 2)
        {
            if (File.Exists(Path.Combine(folder, Files[part])) && File.Exists(Path.Combine(folder, Files[part + 1])))
                continue;
            var (pictures, labels) = SyntheticDigits.Generate(part == 2, part == 2 ? SyntheticDigits.TestCount : SyntheticDigits.TrainCount);
            IdxFile.Write(Path.Combine(folder, Files[part]), pictures);
            IdxFile.Write(Path.Combine(folder, Files[part + 1]), labels);
        }
        return new DigitTensors(folder, SyntheticDigits.Name, images);
    }

    private static (Tensor Images, Tensor Labels) Read(string folder, int first, int most)
    {
        using var scope = NewDisposeScope();
        IdxArray pictures = IdxFile.Read(Existing(folder, Files[first]), 3).Take(most), labels = IdxFile.Read(Existing(folder, Files[first + 1]), 1).Take(most);
        var x = tensor(pictures.Values, dtype: ScalarType.Byte).to(ScalarType.Float32).reshape(pictures.Count, 1, pictures.Shape[1], pictures.Shape[2]);
        x.div_(255).sub_(0.1307).div_(0.3081);
        var y = tensor(labels.Values, dtype: ScalarType.Byte).to(ScalarType.Int64);
        return (x.MoveToOuterDisposeScope(), y.MoveToOuterDisposeScope());
    }

    private static string Existing(string folder, string file)
    {
        string plain = Path.Combine(folder, file);
        return File.Exists(plain) ? plain : plain + ".gz";
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { TrainImages, TrainLabels, TestImages, TestLabels })
            tensor.Dispose();
    }
}
