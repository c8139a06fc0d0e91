using Course.Cli.Serving;

namespace Course.Cli.Tests.Bench;

public sealed class ProcessGrowthTests
{
    [Fact]
    public void Slope_OfALineWithNoise_IsTheLines() => Assert.Equal(3, ProcessGrowth.Slope([0, 1, 2, 3], [1.5, 3.5, 6.5, 10.5]));

    [Theory]
    [InlineData(new double[] { }, new double[] { })]
    [InlineData(new double[] { 1 }, new double[] { 7 })]
    [InlineData(new double[] { 1, 1 }, new double[] { 7, 9 })]
    public void Slope_WithoutTwoMoments_IsZero(double[] x, double[] y) => Assert.Equal(0, ProcessGrowth.Slope(x, y));

    [Fact]
    public async Task Watch_OfAProcessThatOpensFiles_SeesItsHandlesGrow()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "counts handles in /proc");
        var growth = ProcessGrowth.Watch(Environment.ProcessId);
        var files = new List<FileStream>();
        var deadline = DateTime.UtcNow.AddSeconds(30);
        try
        {
            while (growth.Samples < 2 && DateTime.UtcNow < deadline)
            {
                files.AddRange(Enumerable.Range(0, 200).Select(_ => File.OpenRead("/dev/null")));
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }
            Assert.InRange((await growth.EndAsync()).Handles, 1000, double.MaxValue);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }
}
