using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>Tensors over memory that was there before them, with strides of their own, from files.</summary>
public class MemoryFormsTests
{
    private static string NewFile(byte[] bytes)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public void BlockDiag_OfRowsMatricesAndNumbers_PutsThemOnTheDiagonal()
    {
        using var y = Tensor.block_diag(tensor(new long[] { 1, 2 }), ones(2, 2), tensor(3f));
        Assert.Equal(float32, y.dtype);
        Assert.Equal([1f, 2, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 3], y.data<float>().ToArray());
        Assert.Equal([1L, 0], Tensor.block_diag().shape);
    }

    [Fact]
    public void EmptyStrided_HasItsStrides_AndHoldsWhatIsWritten()
    {
        using var y = empty_strided([2, 3], [1, 2], float64);
        Assert.Equal([1L, 2], y.stride());
        y.copy_(arange(6, dtype: float64).view(2, 3));
        Assert.Equal([0.0, 1, 2, 3, 4, 5], y.contiguous().data<double>().ToArray());
        Assert.Throws<ExternalException>(() => empty_strided([2, 3], [1]));
    }

    [Fact]
    public void Frombuffer_OfItsOwnType_LooksIntoTheArray()
    {
        float[] array = [1, 2, 3, 4];
        using var y = frombuffer(array, float32, 2, 1);
        Assert.Equal([2f, 3], y.data<float>().ToArray());
        y[0] = 9f;
        Assert.Equal(9, array[1]);
        array[2] = 7;
        Assert.Equal(7, y[1].ToSingle());
        Assert.Equal([4L], frombuffer(new float[2, 2], float32).shape);
    }

    [Fact]
    public void Frombuffer_OfAnotherType_Converts()
    {
        byte[] array = [0, 128, 63];
        using var y = frombuffer(array, float32);
        Assert.Equal([0f, 128, 63], y.data<float>().ToArray());
        Assert.True(frombuffer(new[] { 1f }, float32, requires_grad: true).requires_grad);
    }

    [Fact]
    public void Frombuffer_OutsideTheArray_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => frombuffer(new float[4], float32, -1, 4));
        Assert.Throws<ArgumentException>(() => frombuffer(Array.Empty<float>(), float32));
        Assert.Throws<IndexOutOfRangeException>(() => frombuffer(new float[4], float32, 3, 2));
    }

    [Fact]
    public void Frombuffer_AfterTheTensorIsGone_LeavesTheArray()
    {
        float[] array = [1, 2];
        frombuffer(array, float32).Dispose();
        using var other = zeros(2);
        Assert.Equal([1f, 2], array);
    }

    [Fact]
    public void FromFile_NotShared_ReadsAndNeverWrites()
    {
        string path = NewFile([.. Enumerable.Range(0, 16).Select(i => (byte)i)]);
        using (var y = from_file(path, false, 8, uint8))
        {
            Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], y.data<byte>().ToArray().Select(value => (int)value));
            y.fill_(9);
        }
        Assert.Equal(1, File.ReadAllBytes(path)[1]);
        Assert.Throws<ExternalException>(() => from_file(path, false, 300));
        Assert.Throws<ExternalException>(() => from_file(path + "none", false, 3));
        File.Delete(path);
    }

    [Fact]
    public void FromFile_Shared_WritesIntoTheFile()
    {
        string path = NewFile(new byte[8]);
        using (var y = from_file(path, true, 2, int32))
            y[1] = 77;
        Assert.Equal([0, 0, 0, 0, 77, 0, 0, 0], File.ReadAllBytes(path).Select(value => (int)value));
        File.Delete(path);
    }

    [Fact]
    public void Load_OfEachForm_GivesWhatWasSaved()
    {
        string path = NewFile([]);
        using var x = arange(6, dtype: float64).view(2, 3);
        x.Save(path);
        Assert.True(Tensor.Load(path).allclose(x));
        using (var stream = File.OpenRead(path))
            Assert.True(Tensor.Load(stream).allclose(x));
        using (var reader = new BinaryReader(File.OpenRead(path)))
            Assert.True(Tensor.Load(reader).allclose(x));
        File.Delete(path);
        Assert.Throws<FileNotFoundException>(() => Tensor.Load(path));
    }

    [Fact]
    public void PinMemory_WithoutAnAccelerator_IsRefused()
    {
        Assert.SkipWhen(cuda_is_available(), "this machine has an accelerator");
        Assert.Throws<ExternalException>(() => ones(2).pin_memory());
    }

    [Fact]
    public void Backends_KeepTheirFlags()
    {
        Assert.StartsWith("2.", __version__, StringComparison.Ordinal);
        bool before = backends.cuda.matmul.allow_tf32;
        backends.cuda.matmul.allow_tf32 = !before;
        Assert.Equal(!before, backends.cuda.matmul.allow_tf32);
        backends.cuda.matmul.allow_tf32 = before;
        backends.cuda.enable_flash_sdp(false);
        Assert.False(backends.cuda.flash_sdp_enabled());
        backends.cuda.enable_flash_sdp(true);
        backends.cuda.enable_math_sdp(false);
        Assert.False(backends.cuda.math_sdp_enabled());
        backends.cuda.enable_math_sdp(true);
        Assert.True(backends.cudnn.allow_tf32);
    }
}
