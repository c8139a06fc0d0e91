using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace Course.Tests.Tensors;

public class DatasetPartsTests
{
    private static TorchSharp.Modules.TensorDataset Numbers(int count) => TensorDataset(arange(count));

    private static List<long> Values(IterableDataset dataset)
    {
        using var loader = DataLoader(dataset, 3, disposeDataset: false);
        return [.. loader.SelectMany(batch => batch[0].data<long>().ToArray())];
    }

    private static List<long> UpTo(int count) => [.. Enumerable.Range(0, count).Select(i => (long)i)];

    [Fact]
    public void RandomSplit_CoversEveryExampleOnceAndRepeatably()
    {
        using var all = Numbers(11);
        var parts = all.RandomSplit([0.6, 0.2, 0.2], 5);
        Assert.Equal([7, 2, 2], parts.Select(part => part.Count));
        Assert.Equal(UpTo(11), parts.SelectMany(Values).Order());
        Assert.Equal(parts.SelectMany(Values), all.RandomSplit([0.6, 0.2, 0.2], 5).SelectMany(Values));
        Assert.Throws<ArgumentException>(() => all.RandomSplit([0.5, 0.6], 1));
    }

    [Fact]
    public void Folds_ValidateEveryExampleOnce()
    {
        using var all = Numbers(10);
        var folds = all.Folds(3, 1).ToList();
        Assert.Equal(UpTo(10), folds.SelectMany(fold => Values(fold.Validation)).Order());
        Assert.All(folds, fold => Assert.Equal(UpTo(10), Values(fold.Training).Concat(Values(fold.Validation)).Order()));
    }

    [Fact]
    public void SubsetAndConcat_PickAndJoin()
    {
        using var all = Numbers(10);
        Assert.Equal([3, 1, 0, 1, 2], Values(all.Subset([3, 1]).Concat(Numbers(3))));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Subset([10]));
    }

    [Fact]
    public void Weighted_OfBalancedWeights_DrawsClassesAlike()
    {
        long[] labels = [.. Enumerable.Range(0, 1000).Select(i => i < 900 ? 0L : 1L)];
        var drawn = Samplers.Weighted(Samplers.Balanced(labels), 10000, 1).ToList();
        Assert.InRange(drawn.Count(i => labels[i] == 1), 4800, 5200);
        Assert.Equal(drawn, Samplers.Weighted(Samplers.Balanced(labels), 10000, 1));
        Assert.DoesNotContain(0L, Samplers.Weighted([0, 1, 1], 100, 2));
    }
}
