using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Engine;

/// <summary>Other spellings of operations, held against the spelling that the golden cases cover.</summary>
public class OverloadTests
{
    private static readonly long[] Places = [1, 2, 3, 4];

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.True(expected.Equals(actual));
    }

    private static void Same(Tensor[] expected, Tensor[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (first, second) in expected.Zip(actual))
            Same(first, second);
    }

    [Fact]
    public void Stacks_OfASpan_AreThoseOfAnArray()
    {
        Tensor[] rows = [arange(3), arange(3) + 1];
        ReadOnlySpan<Tensor> span = rows.AsSpan();
        Same(hstack((IList<Tensor>)rows), hstack(span));
        Same(vstack((IList<Tensor>)rows), vstack(span));
        Same(vstack((IList<Tensor>)rows), row_stack(span));
        Same(dstack((IList<Tensor>)rows), dstack(span));
        Same(dstack((IList<Tensor>)rows), dstack(rows.Where(row => row.numel() == 3)));
        Same(column_stack((IList<Tensor>)rows), column_stack(span));
        Same(cartesian_prod((IList<Tensor>)rows), cartesian_prod(span));
    }

    [Fact]
    public void Splits_AtATuple_AreThoseAtAnArray()
    {
        var x = arange(2 * 6 * 6).reshape(2, 6, 6);
        Same(x.dsplit(Places[..2]), x.dsplit((1, 2)));
        Same(x.dsplit(Places[..3]), x.dsplit((1, 2, 3)));
        Same(x.dsplit(Places), dsplit(x, (1, 2, 3, 4)));
        Same(x.dsplit(Places[..2]), dsplit(x, (1, 2)));
        Same(x.dsplit(Places[..3]), dsplit(x, (1, 2, 3)));
        Same(x.hsplit(Places[..2]), hsplit(x, (1, 2)));
        Same(x.hsplit(Places[..3]), hsplit(x, (1, 2, 3)));
        Same(x.hsplit(Places), hsplit(x, (1, 2, 3, 4)));
    }

    [Fact]
    public void Moves_OfSeveralDimensions_GoWhereTheTupleSays()
    {
        var x = arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5);
        Same(x.permute(3, 0, 1, 2), moveaxis(x, (0, 1, 2), (1, 2, 3)));
        Same(x.permute(3, 2, 1, 0), moveaxis(x, (0, 1, 2, 3), (3, 2, 1, 0)));
        Same(x.roll(Places[..2], new long[] { 0, 1 }), x.roll(Places.AsSpan(0, 2), new long[] { 0, 1 }.AsSpan()));
    }

    [Fact]
    public void Roll_WithoutDimensions_RollsTheElementsInOrder()
    {
        Tensor x = arange(2 * 3).reshape(2, 3), rolled = tensor(new long[] { 5, 0, 1, 2, 3, 4 }, [2, 3]);
        Same(rolled, x.roll(Places[..1]));
        Same(rolled, roll(x, (ReadOnlySpan<long>)Places.AsSpan(0, 1)));
    }

    [Fact]
    public void RealNumbers_HaveNothingToResolve()
    {
        var x = arange(3, float32);
        Assert.False(x.is_conj() || is_conj(x) || x.is_neg());
        foreach (var y in new[] { x.resolve_conj(), resolve_conj(x), x.resolve_neg(), resolve_neg(x), x.conj_physical_(), conj_physical_(x) })
            Same(x, y);
    }

    [Fact]
    public void Sizes_OfFiveAndSixNumbers_AreThose()
    {
        Size five = (1L, 2L, 3L, 4L, 5L), six = (1L, 2L, 3L, 4L, 5L, 6L);
        Assert.Equal(new long[] { 1, 2, 3, 4, 5 }, five.Shape);
        Assert.Equal(new long[] { 1, 2, 3, 4, 5, 6 }, six.Shape);
        Assert.Equal(five.Shape, new Size((1, 2, 3, 4, 5)).Shape);
        Assert.Equal(six.Shape, new Size((1, 2, 3, 4, 5, 6)).Shape);
        Assert.Equal(ScalarType.Int16, ShortTensor(ones(2)).dtype);
    }

    [Fact]
    public void WritingToElementsThatShareMemory_IsRefused()
    {
        Assert.Throws<ExternalException>(() => ones(1, 4).expand(3, 4).index_copy_(0, tensor(new[] { 1L }), zeros(1, 4)));
        Assert.Throws<ExternalException>(() => ones(1, 4).expand(3, 4).masked_scatter_(ones(3, 4).to(@bool), zeros(12)));
    }

    [Fact]
    public void LinalgVander_OfNumbersOf16Bits_IsRefused() => Assert.Throws<ExternalException>(() => linalg.vander(ones(2, bfloat16)));
}
