using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Course;

/// <summary>One rating: who gave how many stars (0.5 … 5) to which film, and when (seconds since 1970).</summary>
public sealed record Rating(int UserId, int MovieId, double Stars, long Timestamp);

/// <summary>A film; genres are separated by <c>|</c>.</summary>
public sealed record Movie(int MovieId, string Title, string Genres);

/// <summary>Ratings and films, and where they came from.</summary>
public sealed record RatingData(IReadOnlyList<Rating> Ratings, IReadOnlyList<Movie> Movies, string Source, bool IsCanonical);

/// <summary>One application for credit: the twenty attributes of the Statlog file as it codes them, and whether the credit went well.</summary>
/// <param name="Attributes">By name, for example <c>CREDIT_HISTORY</c> = <c>A34</c>.</param>
public sealed record CreditApplication(IReadOnlyDictionary<string, string> Attributes, bool Good)
{
    /// <summary>A numeric attribute.</summary>
    public double Number(string name) => double.Parse(Attributes[name], CultureInfo.InvariantCulture);
}

/// <summary>Credit applications, and where they came from.</summary>
public sealed record CreditData(IReadOnlyList<CreditApplication> Applications, string Source, bool IsCanonical);

public static partial class Datasets
{
    private static readonly string[] CreditColumns =
    [
        "STATUS_ACCOUNT", "DURATION_MONTHS", "CREDIT_HISTORY", "PURPOSE", "AMOUNT", "BONDS", "EMPLOYMENT", "INSTALLMENT_RATE",
        "PERSONAL_STATUS_AND_SEX", "OTHER_DEBTORS", "PRESENT_RESIDENCE_SINCE", "PROPERTY", "AGE", "INSTALLMENT_PLANS", "HOUSING",
        "NUMBER_OF_CREDIT_CARDS", "JOB", "LIABLE_PEOPLE", "TELEPHONE", "FOREIGN",
    ];

    /// <summary>MovieLens (small) where it is on this machine, else null.</summary>
    /// <exception cref="InvalidDataException">A file is damaged; names file and line.</exception>
    public static RatingData? MovieLens()
    {
        var paths = Find("movielens-small");
        return paths is null ? null : new RatingData(
            Read(paths[0], ",", csv => new Rating(csv.GetField<int>("userId"), csv.GetField<int>("movieId"), csv.GetField<double>("rating"), csv.GetField<long>("timestamp"))),
            Read(paths[1], ",", csv => new Movie(csv.GetField<int>("movieId"), csv.GetField("title")!, csv.GetField("genres")!)),
            $"MovieLens ml-latest-small, SHA-256 verified, from {Path.GetDirectoryName(paths[0])}.", true);
    }

    /// <summary>German Credit where it is on this machine, else null; UCI's own file (1 = good, 2 = bad) and the one with a header (1 = good, 0 = bad) read alike.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; names file and line.</exception>
    public static CreditData? GermanCredit()
    {
        var paths = Find("german-credit");
        if (paths is null) return null;
        using var first = new StreamReader(paths[0]);
        var hasHeader = first.ReadLine()?.StartsWith(CreditColumns[0], StringComparison.Ordinal) == true;
        return new CreditData(
            Read(paths[0], " ", csv => new CreditApplication(
                CreditColumns.Select((name, i) => (name, value: csv.GetField(i)!)).ToDictionary(p => p.name, p => p.value),
                csv.GetField<int>(CreditColumns.Length) == 1), hasHeader),
            $"Statlog German Credit, SHA-256 verified, from {Path.GetDirectoryName(paths[0])}.", true);
    }

    private static IReadOnlyList<string>? Find(string name)
    {
        var store = new DataStore(Catalogue.Default, DataFolders.FromEnvironment());
        return store.FindVerified(store.Catalogue[name]);
    }

    internal static IReadOnlyList<T> Read<T>(string path, string delimiter, Func<CsvReader, T> row, bool hasHeader = true)
    {
        using var reader = new StreamReader(path);
        using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = delimiter, HasHeaderRecord = hasHeader, MissingFieldFound = null, WhiteSpaceChars = [] });
        var rows = new List<T>();
        try
        {
            if (hasHeader && csv.Read()) csv.ReadHeader();
            while (csv.Read()) rows.Add(row(csv));
        }
        catch (CsvHelperException e)
        {
            throw new InvalidDataException($"{path}, line {csv.Parser.RawRow}: {e.Message.Split('\n')[0].Trim()}", e);
        }
        return rows;
    }
}
