namespace Course;

/// <summary>What the codes of the Statlog German Credit file mean (UCI Machine Learning Repository, doi:10.24432/C5NC77, file <c>german.doc</c>).</summary>
public static class CreditCodes
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["A11"] = "account below 0 marks",
        ["A12"] = "account of 0 to 200 marks",
        ["A13"] = "account of 200 marks or more",
        ["A14"] = "no account here",
        ["A30"] = "no credits so far",
        ["A31"] = "all credits here repaid",
        ["A32"] = "credits repaid duly till now",
        ["A33"] = "late payments before",
        ["A34"] = "critical account, or credits elsewhere",
        ["A40"] = "for a new car",
        ["A41"] = "for a used car",
        ["A42"] = "for furniture",
        ["A43"] = "for radio or television",
        ["A44"] = "for household appliances",
        ["A45"] = "for repairs",
        ["A46"] = "for education",
        ["A47"] = "for a vacation",
        ["A48"] = "for retraining",
        ["A49"] = "for a business",
        ["A410"] = "for something else",
        ["A61"] = "savings below 100 marks",
        ["A62"] = "savings of 100 to 500 marks",
        ["A63"] = "savings of 500 to 1,000 marks",
        ["A64"] = "savings of 1,000 marks or more",
        ["A65"] = "savings none or unknown",
        ["A71"] = "unemployed",
        ["A72"] = "in this job under 1 year",
        ["A73"] = "in this job 1 to 4 years",
        ["A74"] = "in this job 4 to 7 years",
        ["A75"] = "in this job 7 years or more",
        ["A91"] = "man, divorced or separated",
        ["A92"] = "woman, divorced, separated or married",
        ["A93"] = "man, single",
        ["A94"] = "man, married or widowed",
        ["A95"] = "woman, single",
        ["A101"] = "no other debtors",
        ["A102"] = "with a co-applicant",
        ["A103"] = "with a guarantor",
        ["A121"] = "owns real estate",
        ["A122"] = "savings agreement or life insurance",
        ["A123"] = "owns a car or other",
        ["A124"] = "no property, or unknown",
        ["A141"] = "instalments at a bank",
        ["A142"] = "instalments at stores",
        ["A143"] = "no other instalments",
        ["A151"] = "rents",
        ["A152"] = "owns the home",
        ["A153"] = "lives for free",
        ["A171"] = "unskilled, not resident",
        ["A172"] = "unskilled, resident",
        ["A173"] = "skilled employee",
        ["A174"] = "manager or self-employed",
        ["A191"] = "no telephone",
        ["A192"] = "telephone in own name",
        ["A201"] = "foreign worker",
        ["A202"] = "not a foreign worker",
    };

    /// <summary>The meaning of a code such as <c>A11</c>, in a few words.</summary>
    /// <exception cref="ArgumentException">The file has no such code.</exception>
    public static string Meaning(string code) => Meanings.TryGetValue(code, out string? meaning) ? meaning
        : throw new ArgumentException($"'{code}' is no code of German Credit; codes run from A11 to A202.", nameof(code));

    /// <summary>Whether the file has such a code.</summary>
    internal static bool Knows(string code) => Meanings.ContainsKey(code);
}
