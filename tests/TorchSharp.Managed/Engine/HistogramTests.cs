using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests;

/// <summary>The rules for the width of bins; the numbers are the real library's for the same draws.</summary>
public class HistogramTests
{
    [Theory]
    [InlineData(HistogramBinSelector.Doane, "1 1 11 20 49 40 36 21 15 6")]
    [InlineData(HistogramBinSelector.Rice, "1 0 5 12 21 43 32 32 23 15 12 4")]
    [InlineData(HistogramBinSelector.Scott, "1 1 11 20 49 40 36 21 15 6")]
    [InlineData(HistogramBinSelector.Sqrt, "1 0 1 8 8 15 33 23 33 24 22 11 11 6 4")]
    [InlineData(HistogramBinSelector.Stone, "1 0 4 10 8 40 30 36 27 18 11 11 4")]
    [InlineData(HistogramBinSelector.Sturges, "1 2 15 31 53 44 30 18 6")]
    public void Histogram_ByARule_CountsAsTheRealOne(HistogramBinSelector rule, string expected)
    {
        manual_seed(1);
        using var x = randn(200);
        var (counts, edges) = histogram(x, rule);
        Assert.Equal(int32, counts.dtype);
        Assert.Equal(expected, string.Join(' ', counts.data<int>().ToArray()));
        Assert.Equal(counts.numel() + 1, edges.numel());
        Assert.Equal(x.min().ToDouble(), edges[0].ToDouble(), 1e-12);
        Assert.Equal(x.max().ToDouble(), edges[-1].ToDouble(), 1e-12);
    }

    [Theory]
    [InlineData(HistogramBinSelector.Doane, 7)]
    [InlineData(HistogramBinSelector.Rice, 8)]
    [InlineData(HistogramBinSelector.Scott, 5)]
    [InlineData(HistogramBinSelector.Sqrt, 8)]
    [InlineData(HistogramBinSelector.Stone, 5)]
    [InlineData(HistogramBinSelector.Sturges, 7)]
    public void Histogram_OverARange_IsADensityOverIt(HistogramBinSelector rule, int bins)
    {
        manual_seed(1);
        var (density, edges) = histogram(randn(50, float64), rule, (-1, 2), true);
        Assert.Equal(bins, density.numel());
        Assert.Equal((-1, 2), (edges[0].ToDouble(), edges[-1].ToDouble()));
        Assert.Equal(1, (density.to(float64) * edges.diff()).sum().ToDouble(), 1e-6);
    }

    [Fact]
    public void Histogram_OfOneValueOrNone_HasOneBin()
    {
        var (counts, edges) = histogram(ones(5), HistogramBinSelector.Scott);
        Assert.Equal((5, 0.5, 1.5), (counts.ToInt32(), edges[0].ToDouble(), edges[1].ToDouble()));
        (counts, edges) = histogram(zeros(0), HistogramBinSelector.Sqrt);
        Assert.Equal((0, 0.0, 1.0), (counts.ToInt32(), edges[0].ToDouble(), edges[1].ToDouble()));
        Assert.Throws<ArgumentException>(() => histogram(ones(2), HistogramBinSelector.Sqrt, (6, 5)));
    }
}
