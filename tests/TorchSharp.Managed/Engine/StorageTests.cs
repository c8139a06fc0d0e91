using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>The memory under tensors.</summary>
public class StorageTests
{
    [Fact]
    public void Storage_OfAView_IsAllOfItsMemory()
    {
        using var x = tensor(new[] { 1f, 2, 3, 4 }).view(2, 2);
        foreach (var view in new[] { x, x[1], x.t() })
        {
            using var storage = view.storage<float>();
            Assert.Equal([1f, 2, 3, 4], storage.ToArray());
            Assert.Equal((4, 4, 16UL), (storage.Count, storage.element_size(), storage.nbytes()));
        }
        Assert.True(is_storage(x.storage<float>()));
        Assert.False(is_storage(x));
    }

    [Fact]
    public void Storage_WrittenTo_ChangesTheTensor()
    {
        using var x = arange(6, float32);
        using var storage = x.storage<float>();
        storage[1] = 9;
        storage[2..4] = 7f;
        var part = storage[3..5];
        part[1] = 77;
        Assert.Equal([0f, 9, 7, 7, 77, 5], x.data<float>().ToArray());
        storage.copy_([8f, 6]);
        storage.CopyFrom([0f, 5], 1);
        Assert.Equal([5f, 6, 7, 7, 77, 5], x.data<float>().ToArray());
        storage.fill_(3);
        Assert.Equal(18, x.sum().ToSingle());
        Assert.Throws<IndexOutOfRangeException>(() => storage[6]);
    }

    [Fact]
    public void Storage_IsAList()
    {
        using var storage = tensor(new[] { 1.5f, 2 }).storage<float>();
        Assert.True(storage.Contains(2) && !storage.Contains(7));
        Assert.Equal((1, -1), (storage.IndexOf(2), storage.IndexOf(9)));
        Assert.Equal([1, 2], storage.@int().ToArray());
        float[] target = new float[4];
        storage.CopyTo(target, 1);
        Assert.Equal([0, 1.5f, 2, 0], target);
        Assert.Equal([1L, 2], tensor(new[] { 1L, 2 }).storage<long>().tolist());
    }

    [Fact]
    public void Storage_Disposed_LeavesTheTensor()
    {
        using var x = tensor(new[] { 1f, 2 });
        x.storage<float>().Dispose();
        Assert.Equal([1f, 2], x.data<float>().ToArray());
    }

    [Fact]
    public void Name_BelongsToTheTensor()
    {
        using var x = ones(2);
        Assert.Null(x.name);
        x.name = "weights";
        Assert.Equal("weights", x.name);
    }
}
