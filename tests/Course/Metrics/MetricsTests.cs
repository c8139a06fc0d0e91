namespace Course.Tests.Metrics;

public class MetricsTests
{
    // Three classes, ten items, counted by hand:      0→0 ×3, 0→1, 1→1 ×2, 1→2 ×2, 2→2 ×2
    private static readonly int[] Truth = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2];
    private static readonly int[] Guess = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2];

    [Theory]
    [InlineData(1.5)]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    public void BrierAndLogLoss_OfWhatIsNoProbability_Refuse(double probability)
    {
        Assert.Contains("Item 1", Assert.Throws<ArgumentException>(() => Course.Metrics.Brier([0.5, probability], [true, false])).Message);
        Assert.Contains("is no probability", Assert.Throws<ArgumentException>(() => Course.Metrics.LogLoss([0.5, probability], [true, false])).Message);
    }

    [Fact]
    public void Averages_LeaveOutClassesThatNeverOccur()
    {
        Assert.Equal((1.0, 1.0), (Course.Metrics.Confusion([0, 3], [0, 3]).MacroF1, Course.Metrics.Confusion([0, 3], [0, 3]).BalancedAccuracy));
        // Class 2 is only predicted: its F1 is 0, and recall has nothing to say about it.
        var confusion = Course.Metrics.Confusion([0, 1], [0, 2]);
        Assert.Equal((1.0 / 3, 0.5), (confusion.MacroF1, confusion.BalancedAccuracy));
        Assert.Equal((double.NaN, double.NaN), (Course.Metrics.Confusion([], []).MacroF1, Course.Metrics.Confusion([], []).BalancedAccuracy));
    }

    [Fact]
    public void Confusion_TenItems_CountsTruthInRows()
    {
        var matrix = Course.Metrics.Confusion(Truth, Guess, classes: 3);

        Assert.Equal([3, 1, 0, 0, 2, 2, 0, 0, 2], from t in Enumerable.Range(0, 3) from p in Enumerable.Range(0, 3) select matrix[t, p]);
        Assert.Equal(0.7, matrix.Accuracy, 12);
        Assert.Equal((1, 2, 2L), matrix.Mistakes(1)[0]);
        Assert.Equal((3 / 4.0 + 2 / 4.0 + 1) / 3, matrix.BalancedAccuracy, 12);
    }

    [Theory]
    [InlineData(0, 1.0, 0.75, 6 / 7.0, 4)]
    [InlineData(1, 2 / 3.0, 0.5, 4 / 7.0, 4)]
    [InlineData(2, 0.5, 1.0, 2 / 3.0, 2)]
    public void PerClass_TenItems_MatchesHandComputedValues(int c, double precision, double recall, double f1, int support)
    {
        var report = Course.Metrics.Confusion(Truth, Guess, classes: 3).PerClass[c];

        Assert.Equal(precision, report.Precision, 12);
        Assert.Equal(recall, report.Recall, 12);
        Assert.Equal(f1, report.F1, 12);
        Assert.Equal(support, report.Support);
    }

    [Fact]
    public void PerClass_ClassNeverPredicted_IsZeroNotNaN()
    {
        var report = Course.Metrics.Confusion([0, 1], [0, 0], classes: 2).PerClass[1];

        Assert.Equal((0.0, 0.0, 0.0), (report.Precision, report.Recall, report.F1));
    }

    [Fact]
    public void Confusion_ClassOutOfRange_NamesTheItem()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => Course.Metrics.Confusion([0, 3], [0, 0], classes: 2));

        Assert.Contains("Item 1", e.Message);
    }

    [Fact]
    public void Roc_FourItems_MatchesHandComputedCurve()
    {
        var roc = Course.Metrics.Roc([0.9, 0.8, 0.7, 0.1], [true, false, true, false]);

        Assert.Equal([0, 0, 0.5, 0.5, 1], roc.FalsePositiveRate);
        Assert.Equal([0, 0.5, 0.5, 1, 1], roc.TruePositiveRate);
        Assert.Equal(0.75, roc.Auc, 12); // of four pairs, three are ranked right
    }

    [Fact]
    public void Roc_AllScoresEqual_IsTheDiagonal()
    {
        var roc = Course.Metrics.Roc([0.5, 0.5, 0.5], [true, false, true]);

        Assert.Equal(0.5, roc.Auc, 12);
        Assert.Equal(2, roc.Thresholds.Count);
    }

    [Fact]
    public void Roc_Auc_EqualsTheShareOfRankedPairs()
    {
        var random = new SplitMix(7);
        bool[] positive = Enumerable.Range(0, 200).Select(_ => random.Next(3) == 0).ToArray();
        double[] scores = positive.Select(p => Math.Round(random.NextNormal() + (p ? 1 : 0), 1)).ToArray();
        double won = 0, pairs = 0;
        for (int i = 0; i < 200; i++)
            for (int j = 0; j < 200; j++)
                if (positive[i] && !positive[j])
                    (won, pairs) = (won + (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0), pairs + 1);

        Assert.Equal(won / pairs, Course.Metrics.Roc(scores, positive).Auc, 10);
    }

    [Fact]
    public void Roc_OneClassOnly_Refuses() =>
        Assert.Throws<ArgumentException>(() => Course.Metrics.Roc([0.1, 0.2], [true, true]));

    [Fact]
    public void Calibration_TwoBins_MatchesHandComputedError()
    {
        // Low bin: confidences .2 .4, one of two right → |.5 − .3| = .2; high bin: .8 1.0, both right → .1
        var curve = Course.Metrics.Calibration([0.2, 0.4, 0.8, 1.0], [true, false, true, true], bins: 2);

        Assert.Equal(0.15, curve.ExpectedError, 12);
        Assert.Equal(0.2, curve.MaximumError, 12);
        Assert.Equal([2, 2], curve.Bins.Select(b => b.Count));
    }

    [Fact]
    public void Calibration_EmptyBin_DoesNotSpoilTheError() =>
        Assert.Equal(0.1, Course.Metrics.Calibration([0.9, 0.9], [true, true], bins: 10).ExpectedError, 12);

    [Fact]
    public void Regression_ThreeItems_MatchesHandComputedValues()
    {
        double[] y = [1, 2, 4], p = [1, 3, 2];

        Assert.Equal(5 / 3.0, Course.Metrics.MeanSquaredError(y, p), 12);
        Assert.Equal(Math.Sqrt(5 / 3.0), Course.Metrics.RootMeanSquaredError(y, p), 12);
        Assert.Equal(1.0, Course.Metrics.MeanAbsoluteError(y, p), 12);
        Assert.Equal(1 - 5 / (14 / 3.0), Course.Metrics.R2(y, p), 12);
        Assert.Throws<ArgumentException>(() => Course.Metrics.R2([1, 1], [1, 2]));
    }

    [Fact]
    public void Probabilities_TwoItems_MatchHandComputedValues()
    {
        Assert.Equal((0.04 + 0.25) / 2, Course.Metrics.Brier([0.8, 0.5], [true, false]), 12);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.5)) / 2, Course.Metrics.LogLoss([0.8, 0.5], [true, false]), 12);
    }

    [Fact]
    public void Accuracy_DifferentLengths_SaysBoth()
    {
        var e = Assert.Throws<ArgumentException>(() => Course.Metrics.Accuracy([1, 2], [1]));

        Assert.Contains("2 true values but 1", e.Message);
    }
}
