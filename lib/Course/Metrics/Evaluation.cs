using static TorchSharp.torch;

namespace Course;

/// <summary>What a classifier says about a set of items, as arrays ready for every metric.</summary>
/// <param name="Truth">True class of each item.</param>
/// <param name="Predicted">Most probable class.</param>
/// <param name="Probabilities">[item][class], each row sums to 1.</param>
/// <param name="Loss">Mean negative log-likelihood.</param>
public sealed record Evaluation(int[] Truth, int[] Predicted, double[][] Probabilities, double Loss)
{
    public double Accuracy => Metrics.Accuracy(Truth, Predicted);

    public ConfusionMatrix Confusion => Metrics.Confusion(Truth, Predicted, Probabilities[0].Length);

    /// <summary>The probability of the predicted class.</summary>
    public double[] Confidence => [.. Predicted.Select((c, i) => Probabilities[i][c])];

    public bool[] Right => [.. Truth.Select((c, i) => c == Predicted[i])];

    public CalibrationCurve Calibration => Metrics.Calibration(Confidence, Right);

    /// <summary>One class against all others.</summary>
    public RocCurve Roc(int c) => Metrics.Roc([.. Probabilities.Select(p => p[c])], [.. Truth.Select(t => t == c)]);

    /// <summary>Places of the wrong items, the most confident mistake first.</summary>
    public int[] WorstMistakes(int count) =>
        [.. Enumerable.Range(0, Truth.Length).Where(i => Truth[i] != Predicted[i]).OrderByDescending(i => Probabilities[i][Predicted[i]]).Take(count)];
}

public static partial class Metrics
{
    /// <summary>Runs a classifier in evaluation mode over x, without gradients, on its device.</summary>
    /// <param name="model">Gives logits or log-probabilities [batch, classes].</param>
    /// <param name="y">int64 classes [items].</param>
    public static Evaluation Evaluate(nn.Module<Tensor, Tensor> model, Tensor x, Tensor y, int batch = 500)
    {
        bool training = model.training;
        var device = model.Device();
        model.eval();
        using var _ = no_grad();
        int[] truth = y.cpu().data<long>().ToArray().Select(c => (int)c).ToArray();
        double[][] probabilities = new double[truth.Length][];
        double loss = 0;
        for (int start = 0; start < truth.Length; start += batch)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(batch, truth.Length - start);
            var rows = model.call(x.narrow(0, start, count).to(device)).log_softmax(1).cpu().contiguous();
            float[] values = rows.data<float>().ToArray();
            int classes = (int)rows.shape[1];
            for (int i = 0; i < count; i++)
            {
                probabilities[start + i] = [.. Enumerable.Range(0, classes).Select(c => Math.Exp(values[i * classes + c]))];
                loss -= values[i * classes + truth[start + i]];
            }
        }
        model.train(training);
        int[] predicted = probabilities.Select(p => Array.IndexOf(p, p.Max())).ToArray();
        return new Evaluation(truth, predicted, probabilities, loss / truth.Length);
    }
}
