namespace Course.Tests.Experiments;

public sealed class CrossValidationTests
{
    private static readonly bool[] Labels = [.. Enumerable.Range(0, 100).Select(i => i < 30)];

    [Fact]
    public void Stratified_InEachRepeat_HoldsOutEveryRowOnceAndKeepsTheShares()
    {
        var folds = CrossValidation.Stratified(Labels, folds: 5, repeats: 3);
        Assert.Equal(15, folds.Count);
        foreach (var repeat in folds.GroupBy(fold => fold.Repeat))
            Assert.Equal(Enumerable.Range(0, 100), repeat.SelectMany(fold => fold.HeldOut).Order());
        Assert.All(folds, fold => Assert.Equal(6, fold.HeldOut.Count(row => Labels[row])));
        Assert.All(folds, fold => Assert.Empty(fold.Train.Intersect(fold.HeldOut)));
        Assert.NotEqual(folds[0].HeldOut, folds[5].HeldOut);
    }

    [Fact]
    public void Stratified_WithTheSameSeed_IsTheSame() =>
        Assert.Equal(CrossValidation.Stratified(Labels, seed: 7).SelectMany(f => f.HeldOut), CrossValidation.Stratified(Labels, seed: 7).SelectMany(f => f.HeldOut));

    [Fact]
    public void Stratified_WithFewerRowsOfALabelThanFolds_IsRefused() =>
        Assert.Contains("but 2 are labelled True", Assert.Throws<ArgumentException>(() => CrossValidation.Stratified([true, true, false, false, false], folds: 3)).Message, StringComparison.Ordinal);

    // Variance 1/3 of {0, 1, 0, 1}: √(1/3 · (1/4 + 1/4)) = 0.408248 with 5 folds; t(0.975; 3) = 3.182446.
    [Fact]
    public void Of_CorrectsForOverlap_AsNadeauAndBengioDo()
    {
        var interval = CrossValidation.Of([0, 1, 0, 1], folds: 5);
        Assert.Equal(0.5, interval.Mean, 12);
        Assert.Equal(0.5 + 3.182446 * 0.408248, interval.High, 5);
    }

    [Fact]
    public void Difference_OfPureNoise_IsSeldomCalledReal()
    {
        // Two methods of equal worth: the scores of a fold differ by independent noise and by what the repeats share.
        int found = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            var random = new SplitMix(5, (ulong)trial);
            double shared = 0.5 * random.NextNormal();
            double[] first = [.. Enumerable.Range(0, 20).Select(_ => random.NextNormal() + shared)], second = [.. Enumerable.Range(0, 20).Select(_ => random.NextNormal())];
            if (!CrossValidation.Difference("a", first, "b", second, 5).WithinNoise)
                found++;
        }
        Assert.InRange(found, 0, 0.08 * 400);
    }

    [Fact]
    public void Difference_OfScoresFromDifferentFolds_IsRefused() =>
        Assert.Contains("same folds", Assert.Throws<ArgumentException>(() => CrossValidation.Difference("a", [1, 2], "b", [1, 2, 3], 5)).Message, StringComparison.Ordinal);
}
