using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Course;

/// <summary>
/// The model that chapters 04b to 05c share: trained once, then kept as an artefact under <c>artifacts/models</c>. Whoever needs it
/// first makes it, while the others wait, so that notebooks may run in any order and at once. The file's name holds what it depends on
/// (recipe, profile, data, engine, seed); beside it lies the ledger of its test set, which is empty again when it is trained anew.
/// </summary>
public sealed class LandedModel
{
    private const int GoldenCount = 10;

    // A shift is measured in eight directions, so on fewer images.
    private const int ShiftedCount = 1000;

    private readonly DigitData _digits;
    private readonly string _path;

    private LandedModel(DigitRecipe recipe, DigitData digits, string folder)
    {
        if (digits.Train.Count != SyntheticDigits.TrainCount || digits.Test.Count != SyntheticDigits.TestCount)
            throw new ArgumentException($"The landed model is keyed by the whole data set, but was given {digits.Train.Count:N0} training and {digits.Test.Count:N0} test images: call Datasets.Mnist() without numbers.", nameof(digits));
        _digits = digits;
        string described = $"{DigitNetwork.Architecture} {recipe}";
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(described)))[..8];
        _path = Path.Combine(folder, $"digits-{recipe.Version}-{Run.Profile}-{digits.Name}-{Run.EngineName}-{Run.Seed}-{key}.csmodel");
        Training = digits.Train.Take(recipe.Images);
        Validation = digits.Train.Skip(digits.Train.Count - Run.Choose(quick: 4000, full: 10_000));
        TestSet = new(digits.Test.Take(Run.Choose(quick: 4000, full: 10_000)), Ledger);
        using var gate = FileLock.Take(_path + ".lock", () => Console.WriteLine($"another notebook is training version {recipe.Version}; waiting for it"));
        Artefact = Kept() ?? Made(recipe);
    }

    /// <summary>Version 1.1.0: the recipe with augmentation, the model that is deployed.</summary>
    /// <param name="digits">All of it, from <see cref="Datasets.Mnist(int, int)"/>.</param>
    public static LandedModel Current(DigitData digits) => new(DigitRecipe.Augmented, digits, Repository.Models);

    /// <summary>Version 1.0.0: the same recipe without augmentation.</summary>
    /// <param name="digits">All of it, from <see cref="Datasets.Mnist(int, int)"/>.</param>
    public static LandedModel First(DigitData digits) => new(DigitRecipe.Plain, digits, Repository.Models);

    internal static LandedModel Of(DigitRecipe recipe, DigitData digits, string folder) => new(recipe, digits, folder);

    public ModelArtefact Artefact { get; }

    /// <summary>True when this notebook trained it; false when it lay there already.</summary>
    public bool MadeHere { get; private set; }

    /// <summary>Name of the artefact's file.</summary>
    public string FileName => Path.GetFileName(_path);

    /// <summary>What it was trained on.</summary>
    public LabelledImages Training { get; }

    /// <summary>Images that it was not trained on and that may be asked as often as one likes; whatever is chosen is chosen on these.</summary>
    public LabelledImages Validation { get; }

    /// <summary>The test images, behind the seal of this model.</summary>
    public SealedTestSet<LabelledImages> TestSet { get; }

    /// <summary>A network with the artefact's weights, in evaluation mode; every call gives a new one.</summary>
    /// <exception cref="ArtefactException">The golden inputs are answered otherwise than when the model was saved.</exception>
    public DigitNetwork Network()
    {
        var network = new DigitNetwork();
        Artefact.LoadInto(network, DigitNetwork.Architecture);
        network.eval();
        Artefact.CheckGolden(network);
        return network;
    }

    /// <summary>The model as a function from images between 0 and 1 to logits, its normalisation included.</summary>
    public Func<Tensor, Tensor> Model()
    {
        var network = Network();
        return images => network.call(DigitRecipe.Normalise(images));
    }

    private string Ledger => Path.ChangeExtension(_path, ".ledger.json");

    private ModelArtefact? Kept()
    {
        if (!File.Exists(_path))
            return null;
        try
        {
            return ModelArtefact.Load(_path);
        }
        catch (ArtefactException refused)
        {
            Console.WriteLine($"{refused.Message} It is trained anew.");
            return null;
        }
    }

    private ModelArtefact Made(DigitRecipe recipe)
    {
        MadeHere = true;
        TestSet.TrainAnew();
        var (network, history) = recipe.Train(Training, Run.Seed);
        Tensor Model(Tensor images) => network.call(DigitRecipe.Normalise(images));
        var shifted = Validation.Take(ShiftedCount);
        var artefact = ModelArtefact.From(network, new ArtefactInfo
        {
            Name = "digits",
            Version = recipe.Version,
            Architecture = DigitNetwork.Architecture,
            Labels = _digits.Train.Names,
            Preprocessing = Preprocessing.Mnist,
            Data = $"{(_digits.IsCanonical ? "MNIST" : "SyntheticDigits")}, the first {Training.Count} training images",
            DataHash = Training.Hash(),
            Seal = new(_digits.Test.Hash(), Path.GetFileName(Ledger), TestSet.Questions),
            Engine = Run.EngineName,
            Metrics = new Dictionary<string, double>
            {
                ["accuracy"] = Robustness.Accuracy(Model, Validation.Images, Validation.Labels),
                ["accuracy on training images"] = Robustness.Accuracy(Model, Training.Images[..ShiftedCount], Training.Labels[..ShiftedCount]),
                ["accuracy shifted by 2 pixels"] = Robustness.WorstShift(Model, shifted.Images, shifted.Labels, 2),
                ["seconds of training"] = history.Seconds,
            },
        }, Validation.Images[..GoldenCount] * 255);
        artefact.Save(_path);
        return artefact;
    }
}
