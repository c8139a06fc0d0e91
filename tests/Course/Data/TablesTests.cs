namespace Course.Tests.Data;

public sealed class TablesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_QuotedTitleWithComma_IsOneField()
    {
        File.WriteAllText(_folder.File("movies.csv"), "movieId,title,genres\n11,\"American President, The (1995)\",Comedy|Drama\n");

        var movies = Datasets.Read(_folder.File("movies.csv"), ',', csv => new Movie(csv.Parse<int>("movieId"), csv.GetString("title"), csv.GetString("genres")));

        Assert.Equal(new Movie(11, "American President, The (1995)", "Comedy|Drama"), Assert.Single(movies));
    }

    [Fact]
    public void Read_LetterWhereANumberBelongs_NamesFileAndLine()
    {
        File.WriteAllText(_folder.File("r.csv"), "userId,rating\n1,4.0\nx,3.5\n");

        var e = Assert.Throws<InvalidDataException>(() => Datasets.Read(_folder.File("r.csv"), ',', csv => csv.Parse<int>("userId")));

        Assert.StartsWith($"{_folder.File("r.csv")}, line 3", e.Message);
    }

    /// <summary>UCI's own file has no header and calls a bad credit 2; the other one has a header and calls it 0.</summary>
    [Theory, InlineData(false, 2), InlineData(true, 0)]
    public void ReadCredit_WithAndWithoutHeader_GivesTheSameApplications(bool header, int bad)
    {
        string names = "STATUS_ACCOUNT DURATION_MONTHS CREDIT_HISTORY PURPOSE AMOUNT BONDS EMPLOYMENT INSTALLMENT_RATE PERSONAL_STATUS_AND_SEX "
            + "OTHER_DEBTORS PRESENT_RESIDENCE_SINCE PROPERTY AGE INSTALLMENT_PLANS HOUSING NUMBER_OF_CREDIT_CARDS JOB LIABLE_PEOPLE TELEPHONE FOREIGN CLASSIFICATION\n";
        File.WriteAllText(_folder.File("german.data"), (header ? names : "")
            + "A12 24 A30 A40 3000 A61 A72 3 A91 A101 1 A122 30 A143 A151 1 A172 1 A191 A201 1\n"
            + $"A14 12 A34 A46 900 A65 A75 2 A93 A103 4 A121 55 A141 A153 2 A174 2 A192 A202 {bad}\n");

        var applications = Datasets.ReadCredit(_folder.File("german.data"));

        Assert.Equal([true, false], applications.Select(a => a.Good));
        Assert.Equal([3000, 900], applications.Select(a => a.Number("AMOUNT")));
        Assert.Equal("A202", applications[1].Attributes["FOREIGN"]);
    }

    [Fact]
    public void MovieLensAndGermanCredit_WhereTheyAreHere_AreWhole()
    {
        if (Datasets.MovieLens() is not { } movies || Datasets.GermanCredit() is not { } credit)
        {
            Assert.Skip("COURSE_DATA names no folder with these tables");
            return;
        }
        Assert.Equal((100_836, 9_742), (movies.Ratings.Count, movies.Movies.Count));
        Assert.Equal((1000, 700), (credit.Applications.Count, credit.Applications.Count(a => a.Good)));
        Assert.Equal(1169, credit.Applications[0].Number("AMOUNT"));
    }
}
