using TorchSharp;

namespace Course.Tests.Data;

public sealed class CreditEncoderTests
{
    private static readonly IReadOnlyList<CreditApplication> Rows = Datasets.SyntheticCredit(200).Applications;

    [Fact]
    public void Encode_OfTheTrainingRows_HasMeanZeroDeviationOneAndOneCodeAnAttribute()
    {
        var encoder = CreditEncoder.Fit(Rows);
        using var x = encoder.Encode(Rows);
        Assert.Equal([200, encoder.Columns.Count], x.shape);
        Assert.Equal(0, x[torch.TensorIndex.Colon, 0].mean().ToDouble(), 5);
        Assert.Equal(1, x[torch.TensorIndex.Colon, 0].std(unbiased: false).ToDouble(), 5);
        // Thirteen attributes are codes, so thirteen ones a row.
        Assert.Equal(13, x[0][torch.TensorIndex.Slice(7)].sum().ToDouble(), 6);
    }

    [Fact]
    public void Fit_WithoutAnAttribute_HasNoColumnOfIt()
    {
        var columns = CreditEncoder.Fit(Rows, "AGE", "FOREIGN").Columns;
        Assert.DoesNotContain("age", columns);
        Assert.DoesNotContain("foreign worker", columns);
        Assert.Contains("account below 0 marks", columns);
    }

    [Fact]
    public void Row_WithACodeThatNoTrainingRowHad_HasZerosThere()
    {
        var encoder = CreditEncoder.Fit([.. Rows.Where(r => r.Attributes["HOUSING"] != "A153")]);
        var strange = Rows.First(r => r.Attributes["HOUSING"] == "A153");
        Assert.Equal(12, encoder.Row(strange).Skip(7).Sum());
    }

    [Fact]
    public void Fit_OfNothing_OrWithoutAnUnknownAttribute_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => CreditEncoder.Fit([]));
        Assert.Contains("'SHOE_SIZE'", Assert.Throws<ArgumentException>(() => CreditEncoder.Fit(Rows, "SHOE_SIZE")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Meaning_OfAnUnknownCode_IsRefused() => Assert.Throws<ArgumentException>(() => CreditCodes.Meaning("A999"));
}
