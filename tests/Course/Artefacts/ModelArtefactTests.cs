using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Tests.Artefacts;

public sealed class ModelArtefactTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("artefact").FullName;

    private string File1 => Path.Combine(_folder, "model.csmodel");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static readonly ArtefactInfo SmallInfo = new()
    {
        Name = "brightness",
        Version = "1.2.0",
        Architecture = "mean",
        Labels = ["dark", "bright"],
        Preprocessing = new Preprocessing { InputShape = [2] },
        DataHash = "abc",
        Seal = new("def", "brightness.ledger.json", []),
    };

    private static ModelArtefact Small(string version = "1.2.0") => ModelArtefact.Create(
        SmallInfo with { Version = version, Metrics = new Dictionary<string, double> { ["accuracy"] = 0.9 } },
        [
            Stored("weight", [2, 3], 1, 2, 3, 4, 5, 6.5f),
            Stored("bias", [2], -1, float.NaN),
        ]);

    private static StoredTensor Stored(string name, long[] shape, params float[] values) =>
        new(name, "float32", shape) { Data = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };

    [Fact]
    public void Save_ThenLoad_GivesEverythingBack()
    {
        Small().Save(File1);

        var loaded = ModelArtefact.Load(File1);

        Assert.Equivalent(Small().Info, loaded.Info, strict: true);
        Assert.Equal(["weight", "bias"], loaded.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2L, 3L], loaded.Tensors[0].Shape);
        Assert.Equal(Small().Tensors[0].Data.ToArray(), loaded.Tensors[0].Data.ToArray());
        Assert.Equal(Small().Tensors[1].Data.ToArray(), loaded.Tensors[1].Data.ToArray());
        Assert.Equal(8, loaded.ParameterCount);
    }

    [Fact]
    public void Save_OverAnOlderFile_ReplacesItAndLeavesNothingElse()
    {
        Small("1.0.0").Save(File1);
        Small("2.0.0").Save(File1);

        Assert.Equal("2.0.0", ModelArtefact.Load(File1).Info.Version);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Save_WhenItCannotFinish_KeepsTheOldFileAndRemovesTheTemporaryOne()
    {
        // A folder in the file's place makes the final rename fail on every platform.
        Directory.CreateDirectory(File1);

        Assert.ThrowsAny<Exception>(() => Small().Save(File1));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Load_OfAnyChangedByte_IsRefused()
    {
        Small().Save(File1);
        byte[] good = File.ReadAllBytes(File1);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = good.ToArray();
            bad[i] ^= 0x10;
            File.WriteAllBytes(File1, bad);
            var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1));
            Assert.Contains(File1, refusal.Message);
            Assert.NotEqual(ArtefactFault.Mismatch, refusal.Fault);
        }
    }

    [Fact]
    public void Load_OfAnyTruncation_IsRefused()
    {
        Small().Save(File1);
        byte[] good = File.ReadAllBytes(File1);
        for (int length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(File1, good[..length]);
            var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1));
            Assert.True(refusal.Fault is ArtefactFault.WrongLength or ArtefactFault.NotAnArtefact, $"cut to {length} bytes: {refusal.Fault}");
        }
    }

    [Fact]
    public void Load_OfACutOffFile_SaysHowMuchIsMissing()
    {
        Small().Save(File1);
        byte[] good = File.ReadAllBytes(File1);
        File.WriteAllBytes(File1, good[..^5]);

        var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1));

        Assert.Contains($"has {good.Length - 5} bytes instead of {good.Length}: it was cut off", refusal.Message);
    }

    [Fact]
    public void Load_OfAnotherKindOfFile_SaysWhatItExpected()
    {
        File.WriteAllText(File1, "<html>404</html>");

        var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1));

        Assert.Equal(ArtefactFault.NotAnArtefact, refusal.Fault);
        Assert.Contains("CSMODEL", refusal.Message);
    }

    [Fact]
    public void Load_OfANewerFormat_AsksForAnUpdate()
    {
        byte[] file = Bytes(Small());
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), 3);
        File.WriteAllBytes(File1, Resealed(file));

        var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1));

        Assert.Equal(ArtefactFault.NewerFormat, refusal.Fault);
        Assert.Contains("format version 3", refusal.Message);
    }

    [Theory]
    [InlineData("\"weight\"", "\"bias\"  ", "occurs twice")]
    [InlineData("\"float32\"", "\"float64\"", "needs 48 bytes")]
    [InlineData("\"float32\"", "\"pickled\"", "tensor type 'pickled'")]
    [InlineData("\"dark\"", "\"bright\"", "label name occurs twice")]
    [InlineData("\"inputShape\"", "\"wrongShape\"", "inputShape")]
    public void Load_OfASealedButDishonestFile_IsRefused(string find, string replace, string why)
    {
        File.WriteAllBytes(File1, WithHeader(header => Replace(header, find, replace)));

        var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1));

        Assert.Equal(ArtefactFault.Inconsistent, refusal.Fault);
        Assert.Contains(why, refusal.Message);
    }

    [Theory]
    [InlineData("info", "metrics")]
    [InlineData("info", "labels")]
    [InlineData("info", "preprocessing")]
    [InlineData("info", "preprocessing", "inputShape")]
    [InlineData("info", "name")]
    [InlineData("info")]
    [InlineData("tensors")]
    [InlineData("tensors", "0")]
    [InlineData("tensors", "0", "type")]
    [InlineData("tensors", "0", "shape")]
    public void Load_OfASealedFileWithNullInItsHeader_IsRefused(params string[] path)
    {
        File.WriteAllBytes(File1, WithHeader(header =>
        {
            var root = JsonNode.Parse(header)!;
            var parent = path[..^1].Aggregate(root, (node, step) => int.TryParse(step, out int index) ? node[index]! : node[step]!);
            if (int.TryParse(path[^1], out int at))
                parent[at] = null;
            else
                parent[path[^1]] = null;
            return root.ToJsonString();
        }));

        Assert.Equal(ArtefactFault.Inconsistent, Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1)).Fault);
    }

    [Theory]
    [InlineData(9223372036854775807)]
    [InlineData(4611686018427387904)]
    [InlineData(-1)]
    public void Load_WithAnEnormousShape_IsRefusedWithoutAllocating(long size)
    {
        File.WriteAllBytes(File1, WithHeader(header => header.Replace("\"shape\": [\n        2,", $"\"shape\": [\n        {size},")));

        Assert.Equal(ArtefactFault.Inconsistent, Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1)).Fault);
    }

    [Fact]
    public void Checksum_IsTheSameAfterARoundTripAndAnotherForOtherWeights()
    {
        Small().Save(File1);

        Assert.Equal(Small().Checksum, Small().Checksum);
        Assert.NotEqual(Small("1.2.0").Checksum, Small("1.2.1").Checksum);
        Assert.Equal(Convert.ToHexStringLower(File.ReadAllBytes(File1)[^32..]), ModelArtefact.Load(File1).Checksum);
    }

    [Fact]
    public void Checksum_IsOfTheFilesBytesAndNotOfWhatWeWouldWrite()
    {
        // Another writer may put blanks elsewhere: the same content, other bytes, another file.
        File.WriteAllBytes(File1, WithHeader(header => header.Replace("\"mean\"", " \"mean\"")));

        var loaded = ModelArtefact.Load(File1);

        Assert.Equal(Convert.ToHexStringLower(File.ReadAllBytes(File1)[^32..]), loaded.Checksum);
        Assert.NotEqual(Small().Checksum, loaded.Checksum);
        loaded.Save(Path.Combine(_folder, "copy"));
        Assert.Equal(File.ReadAllBytes(File1), File.ReadAllBytes(Path.Combine(_folder, "copy")));
    }

    [Fact]
    public void Load_OfATooLargeFile_IsRefusedUnread()
    {
        using (var stream = File.Create(File1))
            stream.SetLength(ModelArtefact.LargestFile + 1);

        var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.Load(File1));

        Assert.Equal(ArtefactFault.TooLarge, refusal.Fault);
        Assert.Contains("268,435,457 bytes", refusal.Message);
    }

    [Fact]
    public void Create_WithAMetricThatIsNoNumber_NamesIt() => Assert.Contains("metric 'accuracy' is NaN", Assert.Throws<ArgumentException>(() =>
        ModelArtefact.Create(SmallInfo with { Metrics = new Dictionary<string, double> { ["accuracy"] = double.NaN } }, [])).Message);

    [Fact]
    public void Create_WithoutMetrics_SaysSo() => Assert.Contains("metrics are null", Assert.Throws<ArgumentException>(() =>
        ModelArtefact.Create(SmallInfo with { Metrics = null! }, [])).Message);

    [Fact]
    public void CheckGolden_AfterSaveAndLoad_FindsTheSameAnswers()
    {
        using var network = Network();
        ModelArtefact.From(network, SmallInfo, tensor(new float[,] { { 0, 255 }, { 100, 50 } })).Save(File1);
        var loaded = ModelArtefact.Load(File1);
        using var fresh = Network();
        loaded.LoadInto(fresh, "mean");

        Assert.Equal(0, loaded.CheckGolden(fresh), 1e-7);
        Assert.Equal([2L, 2L], loaded.Golden[1].Shape);
    }

    [Fact]
    public void CheckGolden_OfAModuleThatComputesOtherwise_NamesInputAndDifference()
    {
        using var network = Network();
        var artefact = ModelArtefact.From(network, SmallInfo, tensor(new float[,] { { 0, 0 }, { 255, 0 } }));
        using (no_grad())
            network.parameters().First()[0, 0] += 3;

        var refusal = Assert.Throws<ArtefactException>(() => artefact.CheckGolden(network));

        Assert.Equal(ArtefactFault.WrongAnswers, refusal.Fault);
        Assert.Contains("golden input 1 ", refusal.Message);
    }

    [Fact]
    public void Load_WithGoldenAnswersOfAnotherShape_IsRefused()
    {
        var fault = Assert.Throws<ArtefactException>(() => ModelArtefact.Create(SmallInfo, [], [Stored("inputs", [2, 2], 1, 2, 3, 4), Stored("answers", [1, 2], 1, 2)]));

        Assert.Equal(ArtefactFault.Inconsistent, fault.Fault);
        Assert.Contains("golden inputs must be [n, 2]", fault.Message);
    }

    private static TorchSharp.Modules.Sequential Network() => Sequential(("head", Linear(2, 2)));

    private byte[] Bytes(ModelArtefact artefact)
    {
        artefact.Save(Path.Combine(_folder, "bytes"));
        return File.ReadAllBytes(Path.Combine(_folder, "bytes"));
    }

    [Fact]
    public void Create_WithoutLabels_SaysSo() =>
        Assert.Contains("no label names", Assert.Throws<ArgumentException>(() => ModelArtefact.Create(SmallInfo with { Labels = [] }, [])).Message);

    private static string Replace(string text, string find, string replace)
    {
        int at = text.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{find} is not in the header");
        return text[..at] + replace + text[(at + find.Length)..];
    }

    /// <summary>The small artefact with an edited header, lengths and checksum put right again.</summary>
    private byte[] WithHeader(Func<string, string> edit)
    {
        byte[] file = Bytes(Small());
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(12));
        string text = Encoding.UTF8.GetString(file, 28, length).ReplaceLineEndings("\n");
        string edited = edit(text);
        Assert.NotEqual(text, edited);
        byte[] header = Encoding.UTF8.GetBytes(edited);
        byte[] result = [.. file[..28], .. header, .. file[(28 + length)..]];
        BinaryPrimitives.WriteInt64LittleEndian(result.AsSpan(12), header.Length);
        return Resealed(result);
    }

    private static byte[] Resealed(byte[] file)
    {
        SHA256.HashData(file.AsSpan(0, file.Length - 32), file.AsSpan(file.Length - 32));
        return file;
    }
}
