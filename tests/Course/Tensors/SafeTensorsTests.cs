using System.Text;
using static TorchSharp.torch;

namespace Course.Tests.Tensors;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    private string File1 => Path.Combine(_folder, "a.safetensors");

    public void Dispose() => Directory.Delete(_folder, true);

    private static Dictionary<string, Tensor> Some() => new()
    {
        ["w"] = arange(6, ScalarType.Float32).reshape(2, 3),
        ["t"] = arange(6, ScalarType.Float64).reshape(2, 3).t(),
        ["h"] = arange(6, ScalarType.BFloat16),
        ["n"] = tensor(new[] { 1L, -2L }),
        ["b"] = tensor(new[] { true, false, true }),
        ["none"] = zeros([0L, 4]),
    };

    [Fact]
    public void Load_AfterSave_GivesTheSameTensors()
    {
        var saved = Some();
        SafeTensors.Save(File1, saved, new Dictionary<string, string> { ["licence"] = "MIT" });
        var loaded = SafeTensors.Load(File1);
        Assert.Equal(saved.Keys, loaded.Keys);
        foreach (var (name, tensor) in saved)
        {
            Assert.Equal(tensor.dtype, loaded[name].dtype);
            Assert.Equal(tensor.shape, loaded[name].shape);
            Assert.Equal(tensor.Doubles(), loaded[name].Doubles());
        }
        Assert.Equal("MIT", SafeTensors.Metadata(File1)["licence"]);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Save_WritesTheFormatsBytes()
    {
        SafeTensors.Save(File1, new Dictionary<string, Tensor> { ["a"] = tensor(new[] { 1f }) });
        byte[] bytes = File.ReadAllBytes(File1);
        long length = BitConverter.ToInt64(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", Encoding.UTF8.GetString(bytes, 8, (int)length).TrimEnd());
        Assert.Equal(1f, BitConverter.ToSingle(bytes, 8 + (int)length));
    }

    [Fact]
    public void Load_OfATruncatedFile_SaysSo()
    {
        SafeTensors.Save(File1, Some());
        byte[] whole = File.ReadAllBytes(File1);
        for (int length = 0; length < whole.Length; length += 11)
        {
            File.WriteAllBytes(File1, whole[..length]);
            var failure = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(File1));
            Assert.Contains(File1, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "needs 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "'b' begins at byte 2, within the tensor before it")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "1 bytes before 'b' belong to no tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", "1 bytes at its end belong to no tensor")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[9223372036854775807,-9223372036854775806]}}""", "bytes")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "half a character")]
    [InlineData("""[1]""", "no JSON object")]
    [InlineData("""{"a":""", "no JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9000000000,9000000000,9000000000],"data_offsets":[0,4]}}""", "bytes")]
    public void Load_OfADamagedHeader_SaysWhatIsWrong(string header, string expected)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(File1, [.. BitConverter.GetBytes((long)json.Length), .. json, 0, 0, 0, 0]);
        var failure = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(File1));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"licence":1}""")]
    [InlineData("""{"licence":"\ud800"}""")]
    public void Metadata_OfOtherThanTexts_SaysSo(string words)
    {
        byte[] json = Encoding.UTF8.GetBytes($$"""{"__metadata__":{{words}}}""");
        File.WriteAllBytes(File1, [.. BitConverter.GetBytes((long)json.Length), .. json]);
        Assert.Contains("expected an object of texts", Assert.Throws<InvalidDataException>(() => SafeTensors.Metadata(File1)).Message, StringComparison.Ordinal);
    }
}
