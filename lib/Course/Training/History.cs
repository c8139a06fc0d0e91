namespace Course;

/// <summary>One epoch of training. Losses are means per item; accuracies are fractions, NaN where there are no classes.</summary>
public sealed record EpochResult(int Epoch, double TrainLoss, double TrainAccuracy, double ValidationLoss, double ValidationAccuracy,
    double LearningRate, double Seconds);

/// <summary>What happened during training.</summary>
/// <param name="StoppedEarly">The validation loss had not improved for the trainer's patience.</param>
public sealed record History(IReadOnlyList<EpochResult> Epochs, bool StoppedEarly)
{
    /// <summary>The epoch with the lowest validation loss (training loss without validation), whose weights the model has now.</summary>
    public EpochResult Best => Epochs.MinBy(e => double.IsNaN(e.ValidationLoss) ? e.TrainLoss : e.ValidationLoss)!;

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
