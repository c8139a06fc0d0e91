using Course.Tests.Data;

namespace Course.Tests.Models;

public sealed class LandedModelTests : IDisposable
{
    private static readonly DigitRecipe Tiny = new("0.1.0", null) { Images = 128, Epochs = 1 };
    private static readonly DigitData Digits = Drawn();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private LandedModel Model(DigitRecipe? recipe = null) => LandedModel.Of(recipe ?? Tiny, Digits, _folder.Path);

    [Fact]
    public void FirstToNeedIt_MakesIt_TheNextFindsIt()
    {
        var (made, found) = (Model(), Model());

        Assert.Equal((true, false), (made.MadeHere, found.MadeHere));
        Assert.Equal(made.Artefact.Checksum, found.Artefact.Checksum);
        Assert.Equal(made.Artefact.Checksum, ModelArtefact.Load(_folder.File(made.FileName)).Checksum);
        Assert.Single(_folder.Files, file => file.EndsWith(".csmodel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ManyAtOnce_TrainItOnce()
    {
        var models = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Model())));

        Assert.Single(models, model => model.MadeHere);
        Assert.Single(models.Select(model => model.Artefact.Checksum).Distinct());
    }

    [Fact]
    public void AnotherRecipe_IsAnotherFile() =>
        Assert.NotEqual(Model().FileName, Model(Tiny with { Augment = new Augmentation(Shift: 1) }).FileName);

    [Fact]
    public void Artefact_SaysWhatItWasTrainedOnAndWhatIsSealed()
    {
        var model = Model();
        var info = model.Artefact.Info;

        Assert.Equal(Digits.Train.Take(128).Hash(), info.DataHash);
        Assert.Equal(Digits.Test.Hash(), info.Seal!.DataHash);
        Assert.Empty(info.Seal.Questions);
        Assert.Equal(2, model.Artefact.Golden.Count);
        Assert.Equal(model.Artefact.Tensors.Select(t => t.Name), model.Network().state_dict().Keys);
    }

    [Fact]
    public void Ledger_LiesBesideTheModelAndIsEmptyWhenItIsTrainedAnew()
    {
        var model = Model();
        Assert.Equal(4000, model.TestSet.Open("How many?", test => test.Count));
        Assert.Single(Model().TestSet.Questions);
        Assert.Contains(model.Artefact.Info.Seal!.Ledger, _folder.Files);

        File.Delete(_folder.File(model.FileName));

        Assert.Empty(Model().TestSet.Questions);
    }

    [Fact]
    public void DamagedFile_IsTrainedAnew()
    {
        var model = Model();
        model.TestSet.Open("How many?", test => test.Count);
        byte[] bytes = File.ReadAllBytes(_folder.File(model.FileName));
        bytes[^100] ^= 1;
        File.WriteAllBytes(_folder.File(model.FileName), bytes);

        var again = Model();

        Assert.True(again.MadeHere);
        Assert.Empty(again.TestSet.Questions);
    }

    [Fact]
    public void PartOfTheData_IsRefused() => Assert.Contains("without numbers",
        Assert.Throws<ArgumentException>(() => LandedModel.Of(Tiny, Digits with { Test = Digits.Test.Take(10) }, _folder.Path)).Message);

    [Fact]
    public void Training_AndValidation_ShareNoImage()
    {
        var model = Model();
        Assert.True(DigitRecipe.Augmented.Images + model.Validation.Count <= Digits.Train.Count);
        Assert.Equal(Digits.Train.Classes.TakeLast(5), model.Validation.Classes.TakeLast(5));
    }

    // As many as there are, but cheap: the same thousand drawn digits again and again.
    private static DigitData Drawn()
    {
        LabelledImages Repeated(bool test, int count)
        {
            var (images, labels) = SyntheticDigits.Generate(test, 1000);
            string[] names = [.. Enumerable.Range(0, 10).Select(d => $"{d}")];
            var drawn = new LabelledImages(images.Values, 28, 28, 1, [.. labels.Values.Select(b => (int)b)], names);
            return drawn.At(Enumerable.Range(0, count).Select(i => i % 1000));
        }
        return new(Repeated(false, SyntheticDigits.TrainCount), Repeated(true, SyntheticDigits.TestCount), "drawn", IsCanonical: false);
    }
}
