namespace Course.Tests.Data;

public sealed class TablesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_QuotedTitleWithComma_IsOneField()
    {
        File.WriteAllText(folder.File("movies.csv"), "movieId,title,genres\n11,\"American President, The (1995)\",Comedy|Drama\n");

        var movies = Datasets.Read(folder.File("movies.csv"), ',', csv => new Movie(csv.Parse<int>("movieId"), csv.GetString("title"), csv.GetString("genres")));

        Assert.Equal(new Movie(11, "American President, The (1995)", "Comedy|Drama"), Assert.Single(movies));
    }

    [Fact]
    public void Read_LetterWhereANumberBelongs_NamesFileAndLine()
    {
        File.WriteAllText(folder.File("r.csv"), "userId,rating\n1,4.0\nx,3.5\n");

        var e = Assert.Throws<InvalidDataException>(() => Datasets.Read(folder.File("r.csv"), ',', csv => csv.Parse<int>("userId")));

        Assert.StartsWith($"{folder.File("r.csv")}, line 3", e.Message);
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
