namespace Course.Tests.Trees;

public class BoostedTreesTests
{
    private static readonly float[][] Line = [.. Enumerable.Range(0, 40).Select(i => new[] { (float)i })];

    [Fact]
    public void Fit_OneTreeOfOneQuestion_HasFriedmansLeaves()
    {
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i >= 30)];
        var model = BoostedTrees.Fit(Line, labels, trees: 1, depth: 1, rate: 1);

        // p = 1/4 everywhere: the leaf of the high side adds (10 · 3/4) / (10 · 3/16) = 4, the other (30 · −1/4) / (30 · 3/16) = −4/3
        double start = Math.Log(1 / 3.0);
        Assert.Equal(start + 4, model.Score([35]), 1e-9);
        Assert.Equal(start - 4 / 3.0, model.Score([5]), 1e-9);
        Assert.Equal(1 / (1 + Math.Exp(-start - 4)), model.Probability([35]), 1e-9);
    }

    [Fact]
    public void Fit_ADecisionByTwoColumns_NeedsTwoQuestionsInARow()
    {
        var random = new Random(3);
        float[][] rows = [.. Enumerable.Range(0, 400).Select(_ => new[] { (float)random.NextDouble(), (float)random.NextDouble(), (float)random.NextDouble() })];
        bool[] labels = [.. rows.Select(row => row[0] > 0.3f == row[1] > 0.6f)];

        double Right(int depth)
        {
            var model = BoostedTrees.Fit(rows[..200], labels[..200], depth: depth);
            return Enumerable.Range(200, 200).Average(i => model.Score(rows[i]) > 0 == labels[i] ? 1.0 : 0);
        }

        Assert.InRange(Right(2), 0.93, 1);
        Assert.InRange(Right(1), 0.3, 0.75);
    }

    [Fact]
    public void Fit_MoreTrees_FitTheTrainingRowsBetter()
    {
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i / 10 % 2 == 0)];
        double Loss(int trees)
        {
            var model = BoostedTrees.Fit(Line, labels, trees, leastRows: 2);
            return Course.Metrics.LogLoss([.. Line.Select(model.Probability)], labels);
        }

        double[] losses = [Loss(1), Loss(10), Loss(100)];
        Assert.True(losses[0] > losses[1] && losses[1] > losses[2] && losses[2] < 0.1, string.Join(", ", losses));
        Assert.Equal(10, BoostedTrees.Fit(Line, labels, 10).Count);
    }

    [Fact]
    public void Fit_SidesOfTooFewRows_AreNotSplitOff()
    {
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i >= 37)];
        var model = BoostedTrees.Fit(Line, labels, trees: 1, depth: 1, leastRows: 10);
        Assert.Equal(model.Score([39]), model.Score([30]), 1e-12);
        Assert.NotEqual(model.Score([39]), model.Score([29]), 1e-3);
    }

    [Fact]
    public void Fit_ColumnsThatNeverDiffer_AskNothing()
    {
        float[][] same = [.. Enumerable.Repeat(new[] { 1f, 2f }, 40)];
        var model = BoostedTrees.Fit(same, [.. Enumerable.Range(0, 40).Select(i => i < 10)]);
        Assert.Equal(0.25, model.Probability([7, 7]), 1e-9);
    }

    [Fact]
    public void Fit_WhatDoesNotBelongTogether_IsRefused()
    {
        bool[] labels = [.. Enumerable.Range(0, 40).Select(i => i < 10)];
        Assert.Contains("40 rows and 2 labels", Assert.Throws<ArgumentException>(() => BoostedTrees.Fit(Line, [true, false])).Message);
        Assert.Contains("All 40 labels are True", Assert.Throws<ArgumentException>(() => BoostedTrees.Fit(Line, [.. labels.Select(_ => true)])).Message);
        Assert.Contains("2 columns, the first has 1", Assert.Throws<ArgumentException>(() => BoostedTrees.Fit([[1], [1, 2]], [true, false])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BoostedTrees.Fit(Line, labels, rate: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BoostedTrees.Fit(Line, labels, depth: 0));
    }
}
