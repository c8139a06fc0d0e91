namespace Course;

/// <summary>One epoch of training. Losses are means per item; accuracies are fractions, NaN where there are no classes.</summary>
public sealed record EpochResult(int Epoch, double TrainLoss, double TrainAccuracy, double ValidationLoss, double ValidationAccuracy,
    double LearningRate, double Seconds);

/// <summary>What happened during training.</summary>
/// <param name="StoppedEarly">What was watched had not improved for the trainer's patience.</param>
/// <param name="ByAccuracy">The validation accuracy was watched, not the loss.</param>
public sealed record History(IReadOnlyList<EpochResult> Epochs, bool StoppedEarly, bool ByAccuracy = false)
{
    /// <summary>
    /// The epoch whose weights the model has now: the first with the lowest validation loss (training loss without validation), or with the
    /// highest validation accuracy where that was watched.
    /// </summary>
    public EpochResult Best => Epochs.MinBy(e => Watched(e, ByAccuracy))!;

    /// <summary>The number whose lowest value makes an epoch the best: a loss, or the share of wrong answers.</summary>
    internal static double Watched(EpochResult epoch, bool byAccuracy) =>
        byAccuracy ? 1 - epoch.ValidationAccuracy : double.IsNaN(epoch.ValidationLoss) ? epoch.TrainLoss : epoch.ValidationLoss;

    public double Seconds => Epochs.Sum(e => e.Seconds);

    /// <summary>One number of each epoch, for a figure: <c>history.Curve(e =&gt; e.TrainLoss)</c>.</summary>
    public double[] Curve(Func<EpochResult, double> of) => [.. Epochs.Select(of)];

    /// <summary>One row for each epoch.</summary>
    public Table ToTable(string title) => Table.Of(Epochs.Select(e => new
    {
        e.Epoch,
        TrainLoss = Math.Round(e.TrainLoss, 4),
        TrainAccuracy = Math.Round(e.TrainAccuracy, 4),
        ValidationLoss = Math.Round(e.ValidationLoss, 4),
        ValidationAccuracy = Math.Round(e.ValidationAccuracy, 4),
        e.LearningRate,
    }), title);
}
