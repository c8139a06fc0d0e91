using static TorchSharp.torch;

namespace Course;

/// <summary>
/// The best recipe of chapter 04b: batch normalisation, augmentation, one cycle of the learning rate, and an average of the weights.
/// </summary>
/// <param name="Version">Of the model that it makes.</param>
/// <param name="Augment">Changes of the training images that must not change the answer; null trains on the images as they are.</param>
public sealed record DigitRecipe(string Version, Augmentation? Augment)
{
    // What black becomes after normalisation: it comes in from outside when an image is moved.
    private const float Black = -0.1307f / 0.3081f;

    /// <summary>The recipe without augmentation: as accurate, but a shift of two pixels confuses it.</summary>
    public static DigitRecipe Plain { get; } = new("1.0.0", null);

    /// <summary>The recipe with shifts up to three pixels, small rotations, slants and changes of size.</summary>
    public static DigitRecipe Augmented { get; } = new("1.1.0", new Augmentation(Shift: 3, Rotate: 12, Shear: 0.15, Zoom: 0.12, Fill: Black));

    public int Images { get; init; } = Run.Choose(quick: 10_000, full: 50_000);

    public int Epochs { get; init; } = Run.Choose(quick: 4, full: 12);

    /// <summary>Images between 0 and 1 as the network takes them: with MNIST's mean and standard deviation taken out.</summary>
    public static Tensor Normalise(Tensor images)
    {
        using var scope = NewDisposeScope();
        return ((images - Preprocessing.Mnist.Mean) / Preprocessing.Mnist.Std).MoveToOuterDisposeScope();
    }

    /// <summary>Trains a new network on images between 0 and 1; the same seed gives the same weights.</summary>
    /// <returns>The network with averaged weights, in evaluation mode, and the curve of its training.</returns>
    public (DigitNetwork Network, History History) Train(LabelledImages data, int seed, bool progress = false)
    {
        manual_seed(seed);
        var network = new DigitNetwork();
        using var x = Normalise(data.Images);
        var adam = optim.AdamW(network.parameters(), lr: 2e-3, weight_decay: 0.02);
        var cycle = optim.lr_scheduler.OneCycleLR(adam, max_lr: 5e-3, total_steps: Epochs * (int)((x.shape[0] + 63) / 64) + 1);
        using var average = new WeightAverage(network, decay: 0.998);
        var history = new Trainer(network, adam, (z, t) => nn.functional.cross_entropy(z, t))
        {
            Seed = seed,
            Scheduler = cycle,
            StepEachBatch = true,
            Patience = 0,
            Progress = progress,
            Augment = Augment is null ? null : Augment.Apply,
            OnBatch = (_, _, _) => average.Update(),
        }.Fit(x, data.Labels, epochs: Epochs);
        average.CopyTo(network);
        network.eval();
        return (network, history);
    }
}
