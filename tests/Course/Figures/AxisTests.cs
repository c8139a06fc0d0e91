using System.Globalization;

namespace Course.Tests;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-3, 7, "−2 0 2 4 6")]
    [InlineData(0, 60_000, "0 20,000 40,000 60,000")]
    [InlineData(0, 3e7, "0 1×10⁷ 2×10⁷ 3×10⁷")]
    public void Ticks_OnALinearAxis_AreRoundAndEquallyPrecise(double low, double high, string expected) =>
        Assert.Equal(expected, string.Join(' ', new Axis(low, high, Scale.Linear).Ticks(5).Select(tick => tick.Label)));

    [Theory]
    [InlineData("1 2 3", "1 2 3")]
    [InlineData("0 1", "0 1")]
    [InlineData("1 2.5", "1.0 1.5 2.0 2.5")]
    [InlineData("0 400 800", "0 200 400 600 800")]
    public void Ticks_OfWholeNumbers_AreWhole(string values, string expected)
    {
        var axis = Axis.Around(values.Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture)), Scale.Linear, false, 0.03);
        Assert.Equal(expected, string.Join(' ', axis.At(0, 500).Ticks(5).Select(tick => tick.Label)));
    }

    [Fact]
    public void Ticks_OfWholeNumbersBetweenTwoOfThem_AreStillDrawn() =>
        Assert.NotEmpty(Axis.Around([1, 2], Scale.Linear, false, 0).Between(1.2, 1.8).Ticks(5));

    [Theory]
    [InlineData(1, 1000, "1 10 100 1,000")]
    [InlineData(1e-8, 1e2, "10⁻⁸ 10⁻⁶ 10⁻⁴ 0.01 1 100")]
    [InlineData(2, 70, "2 5 10 20 50")]
    public void Ticks_OnALogAxis_AreDecades(double low, double high, string expected) =>
        Assert.Equal(expected, string.Join(' ', new Axis(low, high, Scale.Log).Ticks(6).Select(tick => tick.Label)));

    [Fact]
    public void Pixel_MapsTheRangeToThePage()
    {
        var axis = new Axis(1, 100, Scale.Log).At(300, 100);
        Assert.Equal(300, axis.Pixel(1), 9);
        Assert.Equal(200, axis.Pixel(10), 9);
        Assert.Equal(100, axis.Pixel(100), 9);
    }
}
