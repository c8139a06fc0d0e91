namespace Course.Tests;

public sealed class BarTests
{
    private static Bar<Func<double>> Bar(string id, int tries = 5) =>
        new(id, "accuracy on 100 hidden examples", "fraction", 0.9, true, (answer, _) => answer(), tries);

    [Fact]
    public void Submit_AtTheBarAndBelow_AreDoneAndAFailedCheck()
    {
        var bar = Bar("at and below");
        var shown = Shown.During(() => Exercise.Check("x", () => bar.Submit(() => 0.9)));
        Assert.Equal("Exercise x: done", Text(shown));
        var error = Assert.Throws<CheckFailedException>(() => Exercise.Check("x", () => bar.Submit(() => 0.899)));
        Assert.Contains("accuracy on 100 hidden examples: 0.899, the bar is ≥ 0.9; 3 of 5 tries left", error.Message);
    }

    [Fact]
    public void Submit_WhereLowerIsBetter_AcceptsTheBarAndRejectsMore()
    {
        var bar = new Bar<double>("lower", "error on hidden flats", "€", 12, false, (answer, _) => answer);
        bar.Submit(12);
        Assert.Contains("13 €, the bar is ≤ 12 €", Assert.Throws<CheckFailedException>(() => bar.Submit(13)).Message);
    }

    [Fact]
    public void Submit_AStub_IsNotDoneAndCostsNoTry()
    {
        var bar = Bar("stub");
        var shown = Shown.During(() => Exercise.Check("x", () => bar.Submit(() => Exercise.Todo<double>())));
        Assert.Contains("not done", Text(shown));
        Assert.Equal(0, bar.Used);
    }

    [Fact]
    public void Submit_AfterTheLastTry_RefusesAndKeepsTheScoreToItself()
    {
        var bar = Bar("last", tries: 2);
        foreach (double score in new[] { 0.1, 0.2 })
            Assert.Throws<CheckFailedException>(() => bar.Submit(() => score));
        var error = Assert.Throws<InvalidOperationException>(() => bar.Submit(() => 0.987));
        Assert.Contains("new session", error.Message);
        Assert.DoesNotContain("987", error.Message);
        Assert.Equal(2, bar.Used);
    }

    [Fact]
    public void Submit_AScoreThatWasShownBefore_CostsNoTry()
    {
        var bar = Bar("again", tries: 1);
        bar.Submit(() => 0.95);
        bar.Submit(() => 0.95);
        Assert.Equal(1, bar.Used);
    }

    [Fact]
    public void Bar_MadeAnew_KeepsTheTriesOfItsExercise()
    {
        Bar("made anew", tries: 1).Submit(() => 0.95);
        Assert.Throws<InvalidOperationException>(() => Bar("made anew", tries: 1).Submit(() => 0.96));
        Bar("another exercise", tries: 1).Submit(() => 0.96);
    }

    [Fact]
    public void Submit_HandsTheJudgeOneSeedForEachExercise_NotTheVisibleOne()
    {
        int[] Seeds(string id)
        {
            var seeds = new List<int>();
            var bar = new Bar<double>(id, "m", "", 0, true, (answer, seed) =>
            {
                seeds.Add(seed);
                return answer;
            });
            bar.Submit(1);
            bar.Submit(2);
            return [.. seeds.Distinct()];
        }
        int one = Assert.Single(Seeds("3.9")), other = Assert.Single(Seeds("3.10"));
        Assert.NotEqual(one, other);
        Assert.True(one > 1_000_000 && other > 1_000_000);
    }

    [Fact]
    public void Submit_AScoreThatIsNotANumber_SaysSoAndCostsNoTry()
    {
        var bar = Bar("nan");
        Assert.Contains("not a number", Assert.Throws<InvalidOperationException>(() => bar.Submit(() => double.NaN)).Message);
        Assert.Equal(0, bar.Used);
    }

    [Fact]
    public void Bar_WithoutTriesOrWithoutAFiniteBar_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Bar("none", tries: 0));
        Assert.Throws<ArgumentException>(() => new Bar<double>("x", "m", "", double.NaN, true, (a, _) => a));
        Assert.Throws<ArgumentException>(() => new Bar<double>(" ", "m", "", 1, true, (a, _) => a));
    }

    private static string Text(Shown shown) => ((IDisplayable)shown.Values.Last()).Representations().Single(r => r.MimeType == Mime.Text).Content;
}
