namespace Course.Tests;

public class GridWorldTests
{
    private static readonly GridWorld World = new("S#G", "...", "X..");

    [Theory]
    [InlineData(0, 0, 0, -1, false)] // edge
    [InlineData(0, 1, 0, -1, false)] // wall
    [InlineData(0, 2, 3, -1, false)]
    [InlineData(3, 2, 6, -10, true)]
    [InlineData(5, 0, 2, 10, true)]
    public void Step_MovesRewardsAndEnds(int state, int action, int next, double reward, bool done) =>
        Assert.Equal((next, reward, done), World.Step(state, action));

    [Fact]
    public void Walk_AlongTheShortestWay_HasItsReturn()
    {
        int[] way = [2, 1, 1, 0];
        int step = 0;

        var (sum, path) = World.Walk(_ => way[step++]);

        Assert.Equal(4, World.ShortestWay());
        Assert.Equal(World.ShortestWay(), path.Count - 1);
        Assert.Equal(7, sum);
    }

    [Fact]
    public void Walk_ThatNeverArrives_IsCutOff() => Assert.Equal(-20, World.Walk(_ => 0, most: 20).Return);

    [Fact]
    public void Draw_ShowsWallsPitsGoalsAndActions() => Assert.Equal("→ # G\n→ → →\nX → →", World.Draw(_ => 1));

    [Fact]
    public void ShortestWay_AroundAPit_DoesNotGoThroughIt() => Assert.Equal(6, new GridWorld("SXG", ".#.", "...").ShortestWay());

    [Theory]
    [InlineData("S.", "G")]
    [InlineData("..", "G.")]
    [InlineData("S?", "G.")]
    public void Create_WithABadMap_IsRefused(string first, string second) => Assert.Throws<ArgumentException>(() => new GridWorld(first, second));
}
