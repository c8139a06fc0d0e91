using static TorchSharp.torch;

namespace Course;

/// <summary>
/// How far can inputs change before a classifier fails? Models are functions from images in 0 … 1 to logits, so that
/// the size of a change means the same whatever normalisation the model does.
/// </summary>
public static class Robustness
{
    /// <summary>Adds Gaussian noise of standard deviation <paramref name="sigma"/> and clips to 0 … 1.</summary>
    public static Tensor Noise(Tensor images, double sigma, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, images.device);
        return (images + randn(images.shape, generator: generator) * sigma).clamp(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Share of right answers as a change of growing strength is applied to the images.</summary>
    /// <param name="change">(images, strength) → changed images.</param>
    /// <returns>One accuracy for each strength.</returns>
    public static double[] Sweep(Func<Tensor, Tensor> model, Tensor images, Tensor labels, IEnumerable<double> strengths, Func<Tensor, double, Tensor> change) =>
        [.. strengths.Select(strength =>
        {
            using var scope = NewDisposeScope();
            return Accuracy(model, change(images, strength), labels);
        })];

    /// <summary>Share of right answers.</summary>
    public static double Accuracy(Func<Tensor, Tensor> model, Tensor images, Tensor labels)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return model(images).argmax(1).eq(labels).to(ScalarType.Float32).mean().item<float>();
    }

    /// <summary>Share of right answers when all images are shifted, in the worst of the eight directions.</summary>
    /// <param name="pixels">Sideways, up or down, or both at once.</param>
    public static double WorstShift(Func<Tensor, Tensor> model, Tensor images, Tensor labels, int pixels)
    {
        int[] steps = [-pixels, 0, pixels];
        return steps.SelectMany(right => steps.Select(down => (right, down))).Where(step => step != (0, 0)).Min(step =>
        {
            using var scope = NewDisposeScope();
            return Accuracy(model, ImageWarp.Apply(images, _ => Affine.Shift(step.right, step.down)), labels);
        });
    }

    /// <summary>The gradient of the mean cross-entropy with respect to the images.</summary>
    /// <exception cref="InvalidOperationException">The loss has no graph to the images, as under <c>no_grad</c>.</exception>
    public static Tensor InputGradient(Func<Tensor, Tensor> model, Tensor images, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var x = images.detach().clone().requires_grad_();
        var loss = nn.functional.cross_entropy(model(x), labels);
        return RecordedGradient.Of(loss, x).MoveToOuterDisposeScope();
    }

    /// <summary>Fast gradient sign method: one step of size ε up the loss (Goodfellow et al. 2015, section 4).</summary>
    /// <param name="epsilon">Largest change of a pixel, on the scale 0 … 1.</param>
    public static Tensor Fgsm(Func<Tensor, Tensor> model, Tensor images, Tensor labels, double epsilon)
    {
        using var scope = NewDisposeScope();
        return (images + epsilon * InputGradient(model, images, labels).sign()).clamp(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Projected gradient descent: small signed steps from a random start, never further than ε (Madry et al. 2018, section 2.1).</summary>
    public static Tensor Pgd(Func<Tensor, Tensor> model, Tensor images, Tensor labels, double epsilon, int steps = 10, int seed = 1)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, images.device);
        double size = 2.5 * epsilon / steps;
        var x = (images + (rand(images.shape, generator: generator) * 2 - 1) * epsilon).clamp(0, 1);
        for (int step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var moved = x + size * InputGradient(model, x, labels).sign();
            x = (images + (moved - images).clamp(-epsilon, epsilon)).clamp(0, 1).MoveToOuterDisposeScope();
        }
        return x.MoveToOuterDisposeScope();
    }
}
