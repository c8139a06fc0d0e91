namespace Course.Tests.Data;

public sealed class SyntheticCreditTests
{
    [Fact]
    public void SyntheticCredit_Twice_IsTheSameAndSaysThatItIsGenerated()
    {
        var (first, second) = (Datasets.SyntheticCredit(), Datasets.SyntheticCredit());

        Assert.Equal(first.Applications.Select(a => (a.Good, a.Number("AMOUNT"))), second.Applications.Select(a => (a.Good, a.Number("AMOUNT"))));
        Assert.False(first.IsCanonical);
        Assert.StartsWith("Generated", first.Source);
        Assert.All(first.Applications, a => Assert.Equal(20, a.Attributes.Count));
    }

    [Fact]
    public void SyntheticCredit_ByAccountStatusAndDuration_DefaultsAsItsRuleSays()
    {
        var applications = Datasets.SyntheticCredit(20_000).Applications;
        double Defaults(Func<CreditApplication, bool> which) => applications.Where(which).Average(a => a.Good ? 0.0 : 1);

        double[] rates = [.. Enumerable.Range(1, 4).Select(k => Defaults(a => a.Attributes["STATUS_ACCOUNT"] == $"A1{k}"))];

        Assert.True(rates[0] > rates[1] && rates[1] > rates[2] && rates[2] > rates[3], string.Join(", ", rates));
        Assert.InRange(rates[0] - rates[3], 0.25, 0.45);
        Assert.True(Defaults(a => a.Number("DURATION_MONTHS") > 24) > Defaults(a => a.Number("DURATION_MONTHS") < 12) + 0.1);
    }

    [Fact]
    public void SyntheticCredit_OfNone_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Datasets.SyntheticCredit(0));
}
