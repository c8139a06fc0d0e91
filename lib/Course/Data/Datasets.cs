using Course.Base;

namespace Course;

/// <summary>The digits: training and test images, and where they came from.</summary>
/// <param name="Source">One sentence for the reader.</param>
/// <param name="IsCanonical">True for MNIST itself, false for the drawn stand-in.</param>
public sealed record DigitData(LabelledImages Train, LabelledImages Test, string Source, bool IsCanonical)
{
    /// <summary>The test images behind a seal that counts the questions which they answer about one model.</summary>
    /// <param name="recipe">How that model is trained: a short name such as <c>reference-network</c>.</param>
    public SealedTestSet<LabelledImages> Seal(string recipe) => new(Test, recipe, Name);

    /// <summary>As part of a file's name.</summary>
    internal string Name => IsCanonical ? "mnist" : "standin";
}

/// <summary>The data sets of the course: found, downloaded or generated, always verified.</summary>
public static partial class Datasets
{
    private static readonly string[] DigitNames = [.. Enumerable.Range(0, 10).Select(d => d.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>
    /// MNIST where <c>COURSE_DATA</c>, <c>data/</c> or the cache has it (or <c>COURSE_DOWNLOAD=always</c> gets it), else
    /// <see cref="SyntheticDigits"/>, the same in size and format.
    /// </summary>
    /// <param name="train">How many training images; all 60,000 unless said.</param>
    /// <param name="test">How many test images; all 10,000 unless said.</param>
    /// <exception cref="InvalidDataException">A file is there but is not the published one.</exception>
    public static DigitData Mnist(int train = SyntheticDigits.TrainCount, int test = SyntheticDigits.TestCount) =>
        Mnist(new DataStore(Catalogue.Default, DataFolders.FromEnvironment()), Download(), train, test);

    internal static DigitData Mnist(DataStore store, string download, int train, int test)
    {
        var entry = store.Catalogue["mnist"];
        var paths = FindOrGet(store, entry, download, out string? problem);
        string note = problem is null ? "" : $" MNIST could not be downloaded: {problem}";
        if (paths is null && download == "ask")
        {
            note = " For the real MNIST run once: dotnet run --project lib/Course.Cli -- data get mnist";
        }
        if (paths is not null)
            return new DigitData(Read(paths[0], paths[1], train), Read(paths[2], paths[3], test),
                FormattableString.Invariant($"MNIST, {train:N0} training and {test:N0} test images, SHA-256 verified, from {Path.GetDirectoryName(paths[0])}."), true);
        var (trainSet, testSet) = (Synthetic(store.Folders.Cache, false, train), Synthetic(store.Folders.Cache, true, test));
        return new DigitData(trainSet, testSet, FormattableString.Invariant($"SyntheticDigits, {train:N0} training and {test:N0} test images drawn by a virtual pen; MNIST is not on this machine.{note}"), false);
    }

    /// <summary>The verified files of a data set; where they are missing and <paramref name="download"/> is <c>always</c>, they are fetched first.</summary>
    /// <param name="problem">Why they could not be fetched; null when they could, or were not to be.</param>
    private static IReadOnlyList<string>? FindOrGet(DataStore store, CatalogueEntry entry, string download, out string? problem)
    {
        problem = null;
        if (store.FindVerified(entry) is { } paths)
            return paths;
        if (download != "always")
            return null;
        try
        {
            store.Get(entry).GetAwaiter().GetResult();
        }
        catch (IOException e)
        {
            problem = e.Message;
        }
        return store.FindVerified(entry);
    }

    /// <summary>Why a data set cannot be used here and how to get it; null when it is on this machine or about to be downloaded.</summary>
    /// <param name="name">As the catalogue calls it, for example <c>fashion-mnist</c>.</param>
    /// <exception cref="KeyNotFoundException">The catalogue has no such data set; the message lists those it has.</exception>
    public static string? Missing(string name) => Missing(new DataStore(Catalogue.Default, DataFolders.FromEnvironment()), Download(), name);

    internal static string? Missing(DataStore store, string download, string name)
    {
        var entry = store.Catalogue[name];
        return download == "always" || store.Find(entry) is not null ? null
            : FormattableString.Invariant($"needs {entry.Title}, which is not on this machine; get it ({entry.Size / 1e6:F0} MB) with: dotnet run --project lib/Course.Cli -- data get {entry.Name}");
    }

    private static string Download() => Run.OneOf(CourseVariables.Download, "ask", "never", "always");

    private static LabelledImages Read(string imagePath, string labelPath, int count, string[]? names = null)
    {
        var (images, labels) = (IdxFile.Read(imagePath, axes: 3), IdxFile.Read(labelPath, axes: 1));
        if (images.Count != labels.Count)
            throw new InvalidDataException(FormattableString.Invariant($"{imagePath} has {images.Count:N0} images, but {labelPath} has {labels.Count:N0} labels."));
        return Labelled(images.Take(count), labels.Take(count), names);
    }

    // The whole half is drawn once and kept; a smaller part is drawn faster than the whole could be read.
    private static LabelledImages Synthetic(string cache, bool test, int count)
    {
        string half = test ? "t10k" : "train";
        var (images, labels) = (Path.Combine(cache, SyntheticDigits.Name, $"{half}-images-idx3-ubyte"), Path.Combine(cache, SyntheticDigits.Name, $"{half}-labels-idx1-ubyte"));
        if (File.Exists(images) && File.Exists(labels))
        {
            try
            {
                return Read(images, labels, count);
            }
            catch (InvalidDataException)
            {
                // a damaged cache is drawn anew
            }
        }
        var drawn = SyntheticDigits.Generate(test, count);
        if (count == (test ? SyntheticDigits.TestCount : SyntheticDigits.TrainCount))
        {
            try
            {
                IdxFile.Write(images, drawn.Images);
                IdxFile.Write(labels, drawn.Labels);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // a full or read-only disk costs the next run two seconds, nothing else
            }
        }
        return Labelled(drawn.Images, drawn.Labels);
    }

    private static LabelledImages Labelled(IdxArray images, IdxArray labels, string[]? names = null) =>
        new(images.Values, images.Shape[1], images.Shape[2], 1, [.. labels.Values.Select(b => (int)b)], names ?? DigitNames);
}
