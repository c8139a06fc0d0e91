using Course.Tests.Data;

namespace Course.Tests.Experiments;

public sealed class SealedTestSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SealedTestSet<int[]> Seal(string name = "a") => new([3, 1, 2], _folder.File($"{name}.ledger.json"));

    [Fact]
    public void Open_HandsOutTheDataAndCountsTheQuestion()
    {
        Assert.Equal(3, Seal().Open("How large?", data => data.Max()));
        Assert.Equal(1, Seal().Open("How small?", data => data.Min()));
        Assert.Equal(["How large?", "How small?"], Seal().Questions);
    }

    [Fact]
    public void Open_TheSameMeasurementAgain_IsNoNewOpening()
    {
        for (int i = 0; i < 3; i++)
            Seal().Open("How large?", data => data.Max());
        Assert.Single(Seal().Questions);
    }

    [Fact]
    public void Open_TheSameMeasurementBrokenAndIndentedOtherwise_IsTheSame()
    {
        Seal().Open("How large?", data => data.Max());
        Seal().Open("How large?", data =>
            data.Max());
        Assert.Single(Seal().Questions);
    }

    [Fact]
    public void Open_TheSameQuestionByAnotherMeasurement_IsRefusedBeforeItMeasures()
    {
        Seal().Open("How large?", data => data.Max());
        bool measured = false;
        var error = Assert.Throws<InvalidOperationException>(() => Seal().Open("How large?", data => measured = data.Length > 0));
        Assert.Contains("'How large?' before, by another measurement (data => data.Max())", error.Message);
        Assert.False(measured);
    }

    [Fact]
    public void TrainAnew_EmptiesTheLedgerOfThisModelOnly()
    {
        Seal("a").Open("How large?", data => data.Max());
        Seal("b").Open("How large?", data => data.Max());
        Seal("a").TrainAnew();
        Assert.Empty(Seal("a").Questions);
        Assert.Single(Seal("b").Questions);
    }

    [Fact]
    public void TrainAnew_BeforeAnyModelWasTrained_NeedsNoFolder()
    {
        var seal = new SealedTestSet<int[]>([3, 1, 2], _folder.File("not", "yet", "there.ledger.json"));
        seal.TrainAnew();
        Assert.Equal(3, seal.Open("How large?", data => data.Max()));
    }

    [Fact]
    public void Questions_OfADamagedLedger_NameTheFile()
    {
        File.WriteAllText(_folder.File("a.ledger.json"), "not a ledger");
        Assert.StartsWith(_folder.File("a.ledger.json"), Assert.Throws<InvalidDataException>(() => Seal().Questions).Message);
    }
}
