namespace Course.Tests;

public class GeneratorsTests
{
    [Fact]
    public void TwoMoons_SameSeed_SamePointsAndBalancedClasses()
    {
        var a = Generators.TwoMoons(100, 0.1, 7);
        var b = Generators.TwoMoons(100, 0.1, 7);

        Assert.Equal(a.Points.SelectMany(p => p), b.Points.SelectMany(p => p));
        Assert.NotEqual(a.Points[0], Generators.TwoMoons(100, 0.1, 8).Points[0]);
        Assert.Equal(50, a.Labels.Sum());
    }

    [Fact]
    public void TwoMoons_WithoutNoise_LieOnTheirHalfCircles()
    {
        var moons = Generators.TwoMoons(200, 0, 1);

        for (int i = 0; i < moons.Count; i++)
        {
            var (x, y) = (moons.Points[i][0], moons.Points[i][1]);
            var (cx, cy) = moons.Labels[i] == 0 ? (0.0, 0.0) : (1.0, 0.5);
            Assert.Equal(1, Math.Sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)), 9);
            Assert.True(moons.Labels[i] == 0 ? y >= 0 : y <= 0.5);
        }
    }

    [Fact]
    public void Xor_WithoutNoise_LabelsExactlyOnePositive()
    {
        var points = Generators.Xor(40, 0, 1);

        Assert.All(points.Points.Zip(points.Labels), pair => Assert.Equal(pair.First.Count(v => v > 0) == 1 ? 1 : 0, pair.Second));
    }

    [Fact]
    public void Order_LabelSaysWhetherZeroComesFirst()
    {
        var (symbols, labels) = Generators.Order(200, 6, 3);

        Assert.All(symbols, row => Assert.True(row.Count(s => s == 0) == 1 && row.Count(s => s == 1) == 1 && row.All(s => s is >= 0 and <= 5)));
        Assert.Equal(symbols.Select(row => Array.IndexOf(row, 0) < Array.IndexOf(row, 1) ? 1 : 0), labels);
        Assert.InRange(labels.Average(), 0.35, 0.65);
    }

    [Fact]
    public void Split_GivesDisjointPartsThatCoverEverything()
    {
        var all = Generators.TwoMoons(101, 0.1, 1);

        var (train, validation, test) = all.Split(0.6, 0.2);

        Assert.Equal((61, 20, 20), (train.Count, validation.Count, test.Count));
        Assert.Equal(all.Points, [.. train.Points, .. validation.Points, .. test.Points]);
        Assert.Equal(all.Labels, [.. train.Labels, .. validation.Labels, .. test.Labels]);
    }

    [Fact]
    public void Split_ThatLeavesNoTestPart_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Generators.TwoMoons(10, 0, 1).Split(0.8, 0.2));

    [Fact]
    public void Reviews_NegationTurnsTheLabelRound()
    {
        var reviews = Reviews.Generate(400, negated: 1, seed: 1);

        Assert.Equal(200, reviews.Sum(r => r.Label));
        Assert.All(reviews, r => Assert.Contains("not ", r.Text));
        Assert.All(reviews.Where(r => r.Text.Contains("not broken")), r => Assert.Equal(1, r.Label));
        Assert.All(reviews.Where(r => r.Text.Contains("not sturdy")), r => Assert.Equal(0, r.Label));
        Assert.DoesNotContain(Reviews.Generate(100, 0, 1), r => r.Text.Contains("not "));
    }

    [Fact]
    public void Reviews_WordsForLooks_StandWithBothLabels()
    {
        var blue = Reviews.Generate(2000, negated: 0, seed: 1).Where(r => r.Text.Split(' ').Contains("blue")).ToArray();

        Assert.InRange(blue.Length, 80, 170); // half of 2000 by eight words: 125
        Assert.InRange(blue.Average(r => r.Label), 0.3, 0.7);
    }
}
