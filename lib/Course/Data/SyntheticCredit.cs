using System.Globalization;

namespace Course;

public static partial class Datasets
{
    /// <summary>German Credit where it is on this machine, else 1,000 generated applications with the same columns; <see cref="CreditData.Source"/> says which.</summary>
    /// <exception cref="InvalidDataException">The file is there but damaged; names file and line.</exception>
    public static CreditData GermanCreditOrGenerated() => GermanCredit() ?? SyntheticCredit();

    /// <summary>Applications for credit from a known rule, the same on every machine.</summary>
    /// <remarks>
    /// Account status, duration (months), amount (marks) and age (years) are drawn first, the amount growing with the duration.
    /// The log-odds of a default are then −1.6 + s + 0.035 (duration − 21) + 0.00004 (amount − 3000) − 0.015 (age − 35), with
    /// s = 1.5 for a negative balance (A11), 1.0 below 200 marks (A12), 0.3 above (A13) and 0 without an account (A14).
    /// The other attributes are drawn independently and say nothing.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public static CreditData SyntheticCredit(int count = 1000, ulong seed = 1994)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new([.. Enumerable.Range(0, count).Select(i => Application(new SplitMix(seed, (ulong)i)))],
            "Generated credit applications (SyntheticCredit), because German Credit is not on this machine.", false);
    }

    private static CreditApplication Application(SplitMix random)
    {
        var u = random.Next();
        var status = u < 0.27 ? 1 : u < 0.54 ? 2 : u < 0.6 ? 3 : 4;
        var duration = Math.Clamp((int)Math.Round(18 * Math.Exp(0.55 * random.NextNormal())), 4, 72);
        var amount = Math.Clamp((int)Math.Round(130 * duration * Math.Exp(0.6 * random.NextNormal())), 250, 18_500);
        var age = Math.Clamp((int)Math.Round(33 * Math.Exp(0.3 * random.NextNormal())), 19, 75);
        double[] effects = [1.5, 1.0, 0.3, 0];
        var logOdds = -1.6 + effects[status - 1] + 0.035 * (duration - 21) + 0.00004 * (amount - 3000) - 0.015 * (age - 35);
        var good = random.Next() >= 1 / (1 + Math.Exp(-logOdds));

        string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
        string Code(int attribute, int first, int last) => $"A{attribute}{first + random.Next(last - first + 1)}";
        string[] values =
        [
            $"A1{status}", Number(duration), Code(3, 0, 4), Code(4, 0, 9), Number(amount), Code(6, 1, 5), Code(7, 1, 5), Number(1 + random.Next(4)),
            Code(9, 1, 4), Code(10, 1, 3), Number(1 + random.Next(4)), Code(12, 1, 4), Number(age), Code(14, 1, 3), Code(15, 1, 3),
            Number(1 + random.Next(4)), Code(17, 1, 4), Number(1 + random.Next(2)), Code(19, 1, 2), Code(20, 1, 2),
        ];
        return new(CreditColumns.Zip(values).ToDictionary(p => p.First, p => p.Second), good);
    }
}
