using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace TorchSharp.Managed.Tests.Nn;

public class DataLoaderTests
{
    private sealed class Squares(int count) : Dataset
    {
        public override long Count => count;

        public override Dictionary<string, Tensor> GetTensor(long index) => new() { ["x"] = tensor(index), ["y"] = tensor(index * index) };
    }

    private sealed class Words : Dataset<string>
    {
        public override long Count => 3;

        public override string GetTensor(long index) => new('a', (int)index + 1);
    }

    private static Modules.TensorDataset Numbers(int count) => TensorDataset(arange(count, ScalarType.Float32).reshape(-1, 1), arange(count));

    [Fact]
    public void Enumeration_InOrder_GivesBatchesAndARest()
    {
        using var loader = DataLoader(Numbers(10), 4);
        var sizes = new List<long>();
        var labels = new List<long>();
        foreach (var batch in loader)
        {
            Assert.Equal([batch[1].shape[0], 1], batch[0].shape);
            sizes.Add(batch[1].shape[0]);
            labels.AddRange(batch[1].data<long>().ToArray());
        }
        Assert.Equal([4, 4, 2], sizes);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), labels);
        Assert.Equal(3, loader.Count);
    }

    [Fact]
    public void Enumeration_WithDropLast_LeavesTheRestOut()
    {
        using var loader = DataLoader(Numbers(10), 4, drop_last: true);
        Assert.Equal(2, loader.Count);
        Assert.Equal(2, loader.Count());
    }

    [Fact]
    public void Shuffle_WithASeed_IsTheSameOrderEachTimeAndAPermutation()
    {
        static List<long> Order(int? seed)
        {
            using var loader = DataLoader(Numbers(50), 7, shuffle: true, seed: seed);
            return [.. loader.SelectMany(batch => batch[1].data<long>().ToArray())];
        }
        Assert.Equal(Order(3), Order(3));
        Assert.NotEqual(Order(3), Order(4));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), Order(3).Order());
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), Order(null).Order());
    }

    [Fact]
    public void DisposeBatch_ByDefault_DisposesEachBatchWhenTheNextIsAskedFor()
    {
        using var loader = DataLoader(Numbers(4), 2);
        var seen = loader.Select(batch => batch[0]).ToList();
        Assert.All(seen, tensor => Assert.True(tensor.IsInvalid));
        using var keeping = DataLoader(Numbers(4), 2, disposeBatch: false);
        Assert.All(keeping.Select(batch => batch[0]).ToList(), tensor => Assert.False(tensor.IsInvalid));
    }

    [Fact]
    public void DisposeScope_AroundTheLoop_DoesNotTakeTheBatch()
    {
        using var loader = DataLoader(Numbers(4), 2);
        using var batches = loader.GetEnumerator();
        using (NewDisposeScope())
            Assert.True(batches.MoveNext());
        Assert.False(batches.Current[0].IsInvalid);
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Workers_OfADictionaryDataset_KeepTheOrder(int workers)
    {
        using var loader = DataLoader(new Squares(10), 5, num_worker: workers);
        long[] y = [.. loader.SelectMany(batch => batch["y"].data<long>().ToArray())];
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i * i), y);
    }

    [Fact]
    public void Collate_OfOnesOwn_MakesTheBatches()
    {
        using var loader = new Modules.DataLoader<string, int>(new Words(), 2, (words, _) => words.Sum(word => word.Length));
        Assert.Equal([3, 3], loader);
    }

    [Fact]
    public void TensorDataset_OfDifferentLengths_NamesTheShapes()
    {
        var failure = Assert.Throws<ArgumentException>(() => TensorDataset(zeros(3, 2), zeros(4)));
        Assert.Contains("[3, 2], [4]", failure.Message, StringComparison.Ordinal);
    }
}
