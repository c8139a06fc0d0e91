using System.Globalization;

namespace Course;

public static partial class Datasets
{
    /// <summary>German Credit where it is on this machine, else 1,000 generated applications with the same columns; <see cref="CreditData.Source"/> says which.</summary>
    /// <exception cref="InvalidDataException">The file is there but damaged; names file and line.</exception>
    public static CreditData GermanCreditOrGenerated() => GermanCredit() ?? SyntheticCredit();

    /// <summary>Applications for credit from a known rule, the same on every machine.</summary>
    /// <remarks>
    /// The log-odds of a default are −1.95 + 0.035 (duration in months − 21) + 0.00004 (amount in marks − 3000) − 0.025 (age in years − 35), plus the
    /// effects of account, history, purpose and savings in <see cref="Account"/> and its neighbours. How often each of these codes occurs, and the
    /// medians of the numbers, are near those of the real file; the amount grows with the duration. The other attributes are drawn evenly and say nothing.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public static CreditData SyntheticCredit(int count = 1000, ulong seed = 1994)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new([.. Enumerable.Range(0, count).Select(i => Application(new SplitMix(seed, (ulong)i)))],
            "Generated credit applications (SyntheticCredit), because German Credit is not on this machine.", false);
    }

    /// <summary>Codes of an attribute: how often each occurs, and what it adds to the log-odds of a default.</summary>
    private static readonly (string Code, double Share, double Effect)[]
        Account = [("A11", 0.27, 2.2), ("A12", 0.27, 1.5), ("A13", 0.06, 0.5), ("A14", 0.40, 0)],
        History = [("A30", 0.04, 1.2), ("A31", 0.05, 1.2), ("A32", 0.53, 0), ("A33", 0.09, -0.1), ("A34", 0.29, -0.9)],
        Purpose = [("A40", 0.23, 0.3), ("A41", 0.10, -1.1), ("A42", 0.18, 0), ("A43", 0.28, -0.2), ("A45", 0.04, 0.2), ("A46", 0.06, 0.3), ("A49", 0.11, 0)],
        Savings = [("A61", 0.60, 0.3), ("A62", 0.10, 0.2), ("A63", 0.06, 0), ("A64", 0.05, -0.8), ("A65", 0.19, -0.8)];

    private static CreditApplication Application(SplitMix random)
    {
        var (account, history, purpose, savings) = (Draw(Account, ref random), Draw(History, ref random), Draw(Purpose, ref random), Draw(Savings, ref random));
        int duration = Math.Clamp((int)Math.Round(18 * Math.Exp(0.55 * random.NextNormal())), 4, 72);
        int amount = Math.Clamp((int)Math.Round(130 * duration * Math.Exp(0.6 * random.NextNormal())), 250, 18_500);
        int age = Math.Clamp((int)Math.Round(33 * Math.Exp(0.3 * random.NextNormal())), 19, 75);
        double logOdds = -1.95 + 0.035 * (duration - 21) + 0.00004 * (amount - 3000) - 0.025 * (age - 35)
            + account.Effect + history.Effect + purpose.Effect + savings.Effect;
        bool good = random.Next() >= 1 / (1 + Math.Exp(-logOdds));

        string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
        string Code(int attribute, int first, int last) => $"A{attribute}{first + random.Next(last - first + 1)}";
        string[] values =
        [
            account.Code, Number(duration), history.Code, purpose.Code, Number(amount), savings.Code, Code(7, 1, 5), Number(1 + random.Next(4)),
            Code(9, 1, 4), Code(10, 1, 3), Number(1 + random.Next(4)), Code(12, 1, 4), Number(age), Code(14, 1, 3), Code(15, 1, 3),
            Number(1 + random.Next(4)), Code(17, 1, 4), Number(1 + random.Next(2)), Code(19, 1, 2), Code(20, 1, 2),
        ];
        return new(CreditColumns.Zip(values).ToDictionary(p => p.First, p => p.Second), good);
    }

    private static (string Code, double Share, double Effect) Draw((string Code, double Share, double Effect)[] codes, ref SplitMix random)
    {
        double left = random.Next();
        foreach (var code in codes)
            if ((left -= code.Share) < 0)
                return code;
        return codes[^1];
    }
}
