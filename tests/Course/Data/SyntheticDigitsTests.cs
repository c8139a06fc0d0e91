namespace Course.Tests.Data;

public class SyntheticDigitsTests
{
    [Fact]
    public void Generate_Twice_GivesTheSameBytes()
    {
        var (first, second) = (SyntheticDigits.Generate(test: false, 700), SyntheticDigits.Generate(test: false, 700));

        Assert.Equal(first.Images.Values, second.Images.Values);
        Assert.Equal(first.Labels.Values, second.Labels.Values);
    }

    [Fact]
    public void Generate_Fewer_IsThePrefixOfMore()
    {
        var (few, many) = (SyntheticDigits.Generate(test: true, 30), SyntheticDigits.Generate(test: true, 600));

        Assert.Equal(few.Images.Values, many.Images.Values[..(30 * 784)]);
    }

    [Fact]
    public void Generate_TrainTestAndOtherSeeds_ShareNoImage()
    {
        var sets = new[] { SyntheticDigits.Generate(false, 300), SyntheticDigits.Generate(true, 300), SyntheticDigits.Generate(false, 300, seed: 2) };

        string[] images = sets.SelectMany(s => Enumerable.Range(0, 300).Select(i => Convert.ToBase64String(s.Images.Item(i)))).ToArray();

        Assert.Equal(900, images.Distinct().Count());
    }

    [Fact]
    public void Generate_ThousandImages_LookLikeCentredDigitsOfTenBalancedClasses()
    {
        var (images, labels) = SyntheticDigits.Generate(test: false, 1000);

        Assert.All(Enumerable.Range(0, 10), digit => Assert.InRange(labels.Values.Count(l => l == digit), 60, 140));
        for (int i = 0; i < 1000; i++)
        {
            byte[] pixels = images.Item(i).ToArray();
            double ink = pixels.Sum(p => (double)p), x = 0, y = 0;
            for (int k = 0; k < 784; k++)
                (x, y) = (x + pixels[k] * (k % 28), y + pixels[k] * (k / 28));
            Assert.InRange(ink / 255, 10, 300);
            Assert.InRange(x / ink, 11, 16);
            Assert.InRange(y / ink, 11, 16);
        }
    }
}
