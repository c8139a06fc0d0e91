namespace Course.Tests;

public class PlaneTests
{
    [Fact]
    public void Field_LooksUpTheModelAtTheNearestGridPoint()
    {
        var field = Plane.Field(points => points.select(1, 0) + 10 * points.select(1, 1), (-1, 1), (0, 2));

        Assert.Equal(-1, field(-1, 0), 5);
        Assert.Equal(21, field(1, 2), 5);
        Assert.Equal(5.5, field(0.5, 0.5), 5);
    }

    [Fact]
    public void Field_OfAModelWithTwoOutputs_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Plane.Field(points => points, (0, 1), (0, 1)));

    [Fact]
    public void LabelledPoints_AsTensors_KeepOrderAndShape()
    {
        var moons = Generators.TwoMoons(10, 0.1, 1);

        Assert.Equal([10L, 2L], moons.X.shape);
        Assert.Equal((float)moons.Points[3][1], moons.X[3, 1].item<float>());
        Assert.Equal(moons.Labels.Select(l => (long)l), moons.Y.data<long>().ToArray());
    }
}
