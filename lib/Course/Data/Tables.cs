using System.Globalization;
using CsvHelper;

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
            Read(paths[0], ',', csv => new Rating(csv.Parse<int>("userId"), csv.Parse<int>("movieId"), csv.Parse<double>("rating"), csv.Parse<long>("timestamp"))),
            Read(paths[1], ',', csv => new Movie(csv.Parse<int>("movieId"), csv.GetString("title"), csv.GetString("genres"))),
            $"MovieLens ml-latest-small, SHA-256 verified, from {Path.GetDirectoryName(paths[0])}.", true);
    }

    /// <summary>German Credit where it is on this machine, else null; UCI's own file (1 = good, 2 = bad) and the one with a header (1 = good, 0 = bad) read alike.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; names file and line.</exception>
    public static CreditData? GermanCredit()
    {
        var paths = Find("german-credit");
        return paths is null ? null
            : new CreditData(ReadCredit(paths[0]), $"Statlog German Credit, SHA-256 verified, from {Path.GetDirectoryName(paths[0])}.", true);
    }

    /// <summary>The rows of the Statlog file, with a header or without.</summary>
    internal static IReadOnlyList<CreditApplication> ReadCredit(string path)
    {
        bool hasHeader = File.ReadLines(path).FirstOrDefault()?.StartsWith(CreditColumns[0], StringComparison.Ordinal) == true;
        return Read(path, ' ', csv => new CreditApplication(
            CreditColumns.Select((name, i) => (name, value: csv.GetString(i))).ToDictionary(p => p.name, p => p.value),
            csv.Parse<int>(CreditColumns.Length) == 1), hasHeader);
    }

    private static IReadOnlyList<string>? Find(string name)
    {
        var store = new DataStore(Catalogue.Default, DataFolders.FromEnvironment());
        return store.FindVerified(store.Catalogue[name]);
    }

    internal static IReadOnlyList<T> Read<T>(string path, char separator, Func<CsvReader, T> row, bool hasHeader = true)
    {
        using var csv = CsvReader.FromFile(path, new CsvReaderOptions { Separator = separator, HasHeader = hasHeader, TrackLineNumbers = true });
        var rows = new List<T>();
        try
        {
            while (csv.Read())
                rows.Add(row(csv));
        }
        catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidDataException($"{path}, line {(rows.Count == 0 && csv.RowNumber == 0 ? 1 : csv.LineNumber)}: {e.Message.Split('\n')[0].Trim()}", e);
        }
        return rows;
    }
}
