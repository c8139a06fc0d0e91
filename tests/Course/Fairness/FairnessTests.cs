namespace Course.Tests.Fairness;

public class FairnessTests
{
    // Group 0: cases 0–3, group 1: cases 4–7.
    private static readonly int[] Group = [0, 0, 0, 0, 1, 1, 1, 1];
    private static readonly bool[] Truth = [true, true, false, false, true, true, false, false];
    private static readonly bool[] Decision = [true, false, false, false, true, true, true, false];

    [Fact]
    public void DemographicParityGap_IsTheDifferenceOfPositiveShares() =>
        Assert.Equal(0.75 - 0.25, Course.Fairness.DemographicParityGap(Decision, Group), 12);

    [Fact]
    public void EqualOpportunityGap_LooksOnlyAtTruePositives() =>
        Assert.Equal(1 - 0.5, Course.Fairness.EqualOpportunityGap(Decision, Truth, Group), 12);

    [Fact]
    public void EqualisedOddsGap_IsTheLargerOfBothErrorGaps()
    {
        bool[] decision = [true, true, false, false, true, true, true, true];
        Assert.Equal(1, Course.Fairness.EqualisedOddsGap(decision, Truth, Group), 12);
        Assert.Equal(0, Course.Fairness.EqualOpportunityGap(decision, Truth, Group), 12);
    }

    [Fact]
    public void ThresholdsForEqualOpportunity_CloseTheGap()
    {
        double[] score = [0.4, 0.3, 0.2, 0.1, 0.9, 0.8, 0.7, 0.6];
        double[] thresholds = Course.Fairness.ThresholdsForEqualOpportunity(score, Truth, Group, rate: 1);
        bool[] repaired = [.. score.Select((s, i) => s >= thresholds[Group[i]])];
        Assert.Equal(0, Course.Fairness.EqualOpportunityGap(repaired, Truth, Group), 12);
    }

    [Fact]
    public void AGroupWithoutCases_IsNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => Course.Fairness.DemographicParityGap(Decision, [0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Contains("Group 1", error.Message);
    }

    [Fact]
    public void Gaps_OfListsOfDifferentLengths_NameThem()
    {
        var error = Assert.Throws<ArgumentException>(() => Course.Fairness.EqualOpportunityGap([true, false, true], [true], [0, 1, 1]));
        Assert.Contains("3, 1 and 3", error.Message);
        Assert.Contains("3, 1 and 3", Assert.Throws<ArgumentException>(() => Course.Fairness.EqualisedOddsGap([true, false, true], [true], [0, 1, 1])).Message);
    }
}
