using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Serving.Tests;

public sealed class ModelPredictorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("predictor").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ArtefactInfo Info { get; } = new()
    {
        Name = "tiny",
        Version = "1.0.0",
        Architecture = "linear-4-3",
        Labels = ["a", "b", "c"],
        Preprocessing = new Preprocessing { InputShape = [4], Mean = 0.5, Std = 0.25 },
    };

    private static Module<Tensor, Tensor> Network(long outputs = 3) => Sequential(("head", Linear(4, outputs)));

    [Fact]
    public void SaveAndLoad_IntoAFreshModule_PredictsTheSame()
    {
        manual_seed(1);
        using var trained = Network();
        var artefact = ModelArtefact.From(trained, Info);
        artefact.Save(Path.Combine(_folder, "m"));
        using var fresh = Network();
        float[][] inputs = [[0, 51, 102, 255], [255, 0, 0, 0]];
        var loaded = ModelArtefact.Load(Path.Combine(_folder, "m"));

        var served = new ModelPredictor(loaded, fresh, "linear-4-3").Predict(inputs);

        using var x = tensor(new float[,] { { -2, -1.2f, -0.4f, 2 }, { 2, -2, -2, -2 } });
        using var expected = functional.softmax(trained.forward(x), 1);
        Assert.Equal(expected.data<float>().ToArray(), served.SelectMany(scores => scores.Probabilities), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void From_LaterTrainingOfTheModule_LeavesTheArtefactAlone()
    {
        using var module = Network();
        var artefact = ModelArtefact.From(module, Info);
        string before = artefact.Checksum;
        using (no_grad())
            module.parameters().First().fill_(7);

        Assert.Equal(before, artefact.Checksum);
    }

    [Fact]
    public void LoadInto_AnotherShape_NamesTheParameterAndBothShapesAndChangesNothing()
    {
        using var module = Network(5);
        float[] before = module.parameters().First().data<float>().ToArray();

        var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.From(Network(), Info).LoadInto(module, "linear-4-3"));

        Assert.Equal(ArtefactFault.Mismatch, refusal.Fault);
        Assert.Contains("'head.weight' is [3, 4] float32 in the artefact and [5, 4] float32", refusal.Message);
        Assert.Equal(before, module.parameters().First().data<float>().ToArray());
    }

    [Fact]
    public void LoadInto_WithoutOneOfTheParameters_NamesIt()
    {
        var refusal = Assert.Throws<ArtefactException>(() =>
            ModelArtefact.From(Sequential(("head", Linear(4, 3, hasBias: false))), Info).LoadInto(Network(), "linear-4-3"));

        Assert.Contains("no parameter 'head.bias'", refusal.Message);
    }

    [Fact]
    public void LoadInto_WithAnExtraParameter_NamesIt()
    {
        var refusal = Assert.Throws<ArtefactException>(() =>
            ModelArtefact.From(Network(), Info).LoadInto(Sequential(("head", Linear(4, 3, hasBias: false))), "linear-4-3"));

        Assert.Contains("parameter 'head.bias', which this module lacks", refusal.Message);
    }

    [Fact]
    public void LoadInto_AnotherArchitecture_NamesBoth()
    {
        var refusal = Assert.Throws<ArtefactException>(() => ModelArtefact.From(Network(), Info).LoadInto(Network(), "linear-4-9"));

        Assert.Contains("'linear-4-3'", refusal.Message);
        Assert.Contains("'linear-4-9'", refusal.Message);
    }

    [Fact]
    public void Predict_WithOutputsThatAreNotTheLabels_SaysBothNumbers()
    {
        var predictor = new ModelPredictor(ModelArtefact.From(Network(5), Info), Network(5), "linear-4-3");

        var fault = Assert.Throws<InvalidOperationException>(() => predictor.Predict([new float[4]]));

        Assert.Contains("[1, 5]", fault.Message);
        Assert.Contains("3 labels", fault.Message);
    }

    [Fact]
    public void Create_WithANetworkThatAnswersTheGoldenInputsOtherwise_IsRefused()
    {
        using var network = Network();
        var artefact = ModelArtefact.From(network, Info, tensor(new float[,] { { 0, 51, 102, 255 } }));

        var refusal = Assert.Throws<ArtefactException>(() => new ModelPredictor(artefact, new Doubled(), "linear-4-3"));

        Assert.Equal(ArtefactFault.WrongAnswers, refusal.Fault);
        Assert.Same(artefact.Info, new ModelPredictor(artefact, Network(), "linear-4-3").Info);
    }

    /// <summary>The same weights, computed with in another way.</summary>
    private sealed class Doubled : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear head = Linear(4, 3);

        public Doubled() : base("doubled") => RegisterComponents();

        public override Tensor forward(Tensor input) => 2 * head.call(input);
    }
}
