using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Managed.Tests.Nn;

/// <summary>Weight files in TorchSharp's format: exact bytes, and damage that leaves the model unchanged.</summary>
public sealed class StateFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weights").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static Sequential Model() => Sequential(("a", Linear(3, 4)), ("n", BatchNorm1d(4)), ("b", Linear(4, 2)));

    private static bool Same(Tensor a, Tensor b) => a.eq(b).all().item<bool>();

    private static byte[] Snapshot(Module module)
    {
        using var stream = new MemoryStream();
        module.save(stream);
        return stream.ToArray();
    }

    [Fact]
    public void Save_OfASmallModule_WritesTorchSharpsBytes()
    {
        using var module = Linear(Parameter(tensor(new[] { 1f, 2f }, [1, 2])), Parameter(tensor(new[] { 3f }, [1])));
        byte[] expected =
        [
            2,                                                  // entries
            6, .. "weight"u8, 6, 2, 1, 2,                       // name, Float32, two dimensions: 1, 2
            0, 0, 0x80, 0x3F, 0, 0, 0, 0x40,                    // 1f, 2f
            4, .. "bias"u8, 6, 1, 1, 0, 0, 0x40, 0x40,          // name, Float32, one dimension: 1; 3f
        ];
        Assert.Equal(expected, Snapshot(module));
    }

    [Fact]
    public void Save_OfALargeDimension_EncodesItInGroupsOf7Bits()
    {
        using var big = zeros([300L], ScalarType.Byte);
        using var stream = new MemoryStream();
        big.Save(stream);
        Assert.Equal([0, 1, 0xAC, 0x02], stream.ToArray()[..4]);
        Assert.Equal(304, stream.Length);
    }

    [Fact]
    public void Load_AfterSave_RestoresEveryParameterAndBuffer()
    {
        using Sequential saved = Model(), loaded = Model();
        saved.call(randn(8, 3)).Dispose();
        saved.save(PathOf("m.dat"));
        var report = new Dictionary<string, bool>();
        loaded.load(PathOf("m.dat"), loadedParameters: report);
        Assert.Equal(Snapshot(saved), Snapshot(loaded));
        Assert.All(report, item => Assert.True(item.Value, item.Key));
        Assert.Equal(["m.dat"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Load_OfAFileCutAnywhere_ThrowsAndLeavesTheModelUnchanged()
    {
        using Sequential saved = Model(), target = Model();
        byte[] whole = Snapshot(saved), before = Snapshot(target);
        for (int length = 0; length < whole.Length; length += 3)
        {
            var failure = Assert.ThrowsAny<Exception>(() => target.load(new MemoryStream(whole[..length])));
            Assert.True(failure is InvalidDataException, $"cut at {length}: {failure}");
        }
        Assert.Equal(before, Snapshot(target));
    }

    [Fact]
    public void Load_OfACorruptedFile_NeverCrashesAndNeverHalfLoads()
    {
        using Sequential saved = Model(), target = Model();
        byte[] whole = Snapshot(saved), before = Snapshot(target);
        var random = new Random(1);
        for (int trial = 0; trial < 300; trial++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(40)] ^= (byte)(1 << random.Next(8));
            try
            {
                target.load(new MemoryStream(damaged));
                target.load(new MemoryStream(before));
            }
            catch (Exception failure) when (failure is InvalidDataException or ArgumentException)
            {
                Assert.Equal(before, Snapshot(target));
            }
        }
    }

    [Fact]
    public void Load_OfAnotherShape_NamesTheParameterAndBothShapes()
    {
        using var saved = Sequential(("a", Linear(3, 5)));
        using var target = Sequential(("a", Linear(3, 4)));
        byte[] before = Snapshot(target);
        var failure = Assert.Throws<ArgumentException>(() => target.load(new MemoryStream(Snapshot(saved))));
        Assert.Contains("'a.weight'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[4, 3]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[5, 3]", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(target));
    }

    [Fact]
    public void Load_OfOtherNames_NamesThemUnlessNotStrict()
    {
        using var saved = Sequential(("a", Linear(3, 4)), ("c", Linear(4, 1)));
        using var target = Sequential(("a", Linear(3, 4)), ("b", Linear(4, 1)));
        var failure = Assert.Throws<ArgumentException>(() => target.load(new MemoryStream(Snapshot(saved))));
        Assert.Contains("'b.weight'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'c.weight'", failure.Message, StringComparison.Ordinal);
        target.load(new MemoryStream(Snapshot(saved)), strict: false);
        Assert.True(Same(target.get_parameter("a.weight")!, saved.get_parameter("a.weight")!));
    }

    [Fact]
    public void Load_OfAnotherDtype_SaysWhichAndHow()
    {
        using Linear saved = Linear(2, 2).to(ScalarType.Float64), target = Linear(2, 2);
        var failure = Assert.Throws<ArgumentException>(() => target.load(new MemoryStream(Snapshot(saved))));
        Assert.Contains("Float64", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Float32", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithSkip_LeavesTheNamedParametersAlone()
    {
        using Sequential saved = Model(), target = Model();
        using var kept = target.get_parameter("b.bias")!.detach().clone();
        target.load(new MemoryStream(Snapshot(saved)), skip: ["b.bias"]);
        Assert.True(Same(target.get_parameter("b.bias")!, kept));
        Assert.True(Same(target.get_parameter("b.weight")!, saved.get_parameter("b.weight")!));
    }

    [Fact]
    public void LoadStateDict_WithMissingNames_ThrowsOrReportsThem()
    {
        using Sequential source = Model(), target = Model();
        var state = source.state_dict();
        state.Remove("b.bias");
        byte[] before = Snapshot(target);
        Assert.Throws<InvalidOperationException>(() => target.load_state_dict(state));
        Assert.Equal(before, Snapshot(target));
        var (missing, unexpected) = target.load_state_dict(state, strict: false);
        Assert.Equal(["b.bias"], missing);
        Assert.Empty(unexpected);
    }

    [Fact]
    public void SaveAndLoad_OfATensor_KeepsDtypeShapeAndValues()
    {
        foreach (var value in new[] { randn(3, 4), arange(5), tensor(new[] { true, false }), zeros([0L, 3]), tensor(2.5), randn(4, 3).t() })
        {
            save(value, PathOf("t.dat"));
            using var back = load(PathOf("t.dat"));
            Assert.Equal(value.dtype, back.dtype);
            Assert.Equal(value.shape, back.shape);
            Assert.True(Same(value, back));
        }
    }
}
