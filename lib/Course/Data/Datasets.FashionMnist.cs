namespace Course;

/// <summary>Articles of clothing in the format of MNIST, and where they came from.</summary>
/// <param name="Source">One sentence for the reader.</param>
public sealed record FashionData(LabelledImages Train, LabelledImages Test, string Source)
{
    /// <summary>The test images behind a seal that counts the questions which they answer about one model.</summary>
    /// <param name="recipe">How that model is trained: a short name such as <c>recipe-on-clothes</c>.</param>
    public SealedTestSet<LabelledImages> Seal(string recipe) => new(Test, recipe, "fashion-mnist");
}

public static partial class Datasets
{
    private static readonly string[] ClothesNames = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>
    /// Fashion-MNIST where it is on this machine (or <c>COURSE_DOWNLOAD=always</c> gets it), else null: no generator stands in for it.
    /// </summary>
    /// <param name="train">How many training images; all 60,000 unless said.</param>
    /// <param name="test">How many test images; all 10,000 unless said.</param>
    /// <exception cref="InvalidDataException">A file is there but is not the published one.</exception>
    public static FashionData? FashionMnist(int train = 60_000, int test = 10_000) =>
        FashionMnist(new DataStore(Catalogue.Default, DataFolders.FromEnvironment()), Download(), train, test);

    internal static FashionData? FashionMnist(DataStore store, string download, int train, int test)
    {
        var entry = store.Catalogue["fashion-mnist"];
        var paths = FindOrGet(store, entry, download, out string? problem);
        if (problem is not null)
            Console.WriteLine($"Fashion-MNIST could not be downloaded: {problem}");
        return paths is null ? null : new FashionData(
            Read(paths[0], paths[1], train, ClothesNames), Read(paths[2], paths[3], test, ClothesNames),
            FormattableString.Invariant($"Fashion-MNIST, {train:N0} training and {test:N0} test images, {entry.VerifiedBy} verified, from {Path.GetDirectoryName(paths[0])}."));
    }
}
