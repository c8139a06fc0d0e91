using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Course;

/// <summary>
/// The training loop: shuffled batches, validation after each epoch, early stopping with the best weights restored,
/// a checkpoint after each epoch. Every epoch has random streams of its own, made from the seed and its number, so
/// that a run which was killed and resumed gives the same weights, bit for bit, as one that was not.
/// </summary>
public sealed class Trainer(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer, Func<Tensor, Tensor, Tensor> loss)
{
    private const long EvaluationBatch = 500, ValidationSample = 200;

    public int BatchSize { get; init; } = 64;

    public int Seed { get; init; } = Run.Seed;

    /// <summary>Epochs without a better validation loss (or accuracy) after which training stops; 0 never stops early.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>
    /// The best epoch is the one with the highest validation accuracy instead of the lowest loss. The two part late in training, where a
    /// network grows surer of its answers: the loss then rises by a few confident mistakes while fewer answers are wrong.
    /// </summary>
    public bool WatchAccuracy { get; init; }

    /// <summary>Called after each epoch (PyTorch's convention), or after each batch when <see cref="StepEachBatch"/> is set.</summary>
    public optim.lr_scheduler.LRScheduler? Scheduler { get; init; }

    public bool StepEachBatch { get; init; }

    /// <summary>Changes a batch of inputs before training on it; the number is a seed for its random choices.</summary>
    public Func<Tensor, ulong, Tensor>? Augment { get; init; }

    /// <summary>File to resume from when it exists, written after every epoch; null for none.</summary>
    public string? CheckpointFile { get; init; }

    /// <summary>Shows a line with the running loss that rewrites itself.</summary>
    public bool Progress { get; init; } = true;

    /// <summary>Called after every batch with the epoch, the step in it, and the batch's loss.</summary>
    public Action<int, int, double>? OnBatch { get; init; }

    /// <summary>
    /// Trains on (x, y), watching (validX, validY) when they are given; the model ends with its best weights. Data that lie on another
    /// device than the model are brought there once.
    /// </summary>
    /// <param name="x">Inputs, items along the first axis.</param>
    /// <param name="y">Targets: int64 classes, or numbers.</param>
    /// <exception cref="ArgumentException">
    /// Validation examples are training examples: they would choose the epoch that memorises best. Or <see cref="WatchAccuracy"/> is set
    /// and there are no validation examples, or no classes.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged or of another training.</exception>
    /// <exception cref="ArithmeticException">The loss is no longer a number.</exception>
    public History Fit(Tensor x, Tensor y, Tensor? validX = null, Tensor? validY = null, int epochs = 10, CancellationToken cancel = default)
    {
        if (x.shape[0] != y.shape[0])
            throw new ArgumentException($"{x.shape[0]} inputs but {y.shape[0]} targets.");
        if (x.shape[0] == 0)
            throw new ArgumentException("There is nothing to train on.");
        if (validX is null != validY is null)
            throw new ArgumentException("Validation needs inputs and targets.");
        if (WatchAccuracy && (validX is null || y.dtype != ScalarType.Int64))
            throw new ArgumentException("WatchAccuracy needs validation examples and int64 classes as targets: without them there is no accuracy to watch.");
        if (validX is not null)
            RefuseSharedExamples(x, validX);
        string fingerprint = string.Create(CultureInfo.InvariantCulture,
            $"{x.shape[0]} items, batch {BatchSize}, seed {Seed}, {string.Join('+', model.parameters().Select(p => p.numel()))} weights, {optimizer.GetType().Name}{(WatchAccuracy ? ", best by accuracy" : "")}");
        var state = new CheckpointState(fingerprint, [], double.PositiveInfinity, 0, false);
        byte[] best = Checkpoint.Weights(model);
        var device = model.Device();
        using Tensor inputs = x.to(device), targets = y.to(device);
        if (CheckpointFile is not null && File.Exists(CheckpointFile))
        {
            // The schedule has no state file of its own: replaying its steps before the optimiser's rates are loaded restores it.
            var (saved, savedBest) = Checkpoint.Load(CheckpointFile, fingerprint, model, optimizer);
            int steps = saved.Epochs.Count * (StepEachBatch ? Batches(x) : 1);
            for (int i = 0; i < steps; i++)
                Scheduler?.step();
            if (Scheduler is not null)
                Checkpoint.Load(CheckpointFile, fingerprint, model, optimizer);
            (state, best) = (saved, savedBest);
        }
        while (state.Epochs.Count < epochs && !state.Stopped)
        {
            var result = TrainEpoch(state.Epochs.Count + 1, epochs, inputs, targets, validX, validY, cancel);
            if (!StepEachBatch)
                Scheduler?.step();
            double watched = History.Watched(result, WatchAccuracy);
            bool better = watched < state.Best;
            if (better)
                best = Checkpoint.Weights(model);
            int waited = better ? 0 : state.Waited + 1;
            state = state with
            {
                Epochs = [.. state.Epochs, result],
                Best = Math.Min(watched, state.Best),
                Waited = waited,
                Stopped = Patience > 0 && waited >= Patience,
            };
            if (CheckpointFile is not null)
                Checkpoint.Save(CheckpointFile, state, model, optimizer, best);
        }
        Checkpoint.Restore(model, best);
        return new History(state.Epochs, state.Stopped, WatchAccuracy);
    }

    /// <summary>
    /// Compares by content: a sample of the validation inputs against all training inputs. A few equal pairs are what data of few
    /// values have by chance (and what a data set may hold twice), so it takes more than one in ten.
    /// </summary>
    private static void RefuseSharedExamples(Tensor x, Tensor validX)
    {
        if (x.dim() < 2 || validX.dim() != x.dim() || !x.shape.Skip(1).SequenceEqual(validX.shape.Skip(1)))
            return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long sampled = Math.Min(ValidationSample, validX.shape[0]);
        long[] places = Enumerable.Range(0, (int)sampled).Select(i => i * validX.shape[0] / sampled).ToArray();
        var held = Fingerprints(validX.index_select(0, tensor(places, device: validX.device)));
        var seen = Fingerprints(x).ToHashSet();
        int shared = held.Count(seen.Contains);
        if (shared > 0.1 * sampled)
            throw new ArgumentException($"{shared} of {sampled} validation examples that were compared are also training examples: validation would choose "
                + "the epoch that memorises best. Train on a part that the validation data are not in, for example LabelledImages.Split.", nameof(validX));
    }

    // Two weighted sums in double precision: examples that differ anywhere have, but for chance in the fifteenth digit, other ones.
    private static IEnumerable<(double, double)> Fingerprints(Tensor x)
    {
        var (flat, width) = (x.flatten(1), x.numel() / x.shape[0]);
        var weights = tensor(Enumerable.Range(0, (int)(2 * width)).Select(i => Math.Sin(i + 1.0)).ToArray(), [width, 2]);
        for (long start = 0; start < x.shape[0]; start += EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            double[] sums = flat.narrow(0, start, Math.Min(EvaluationBatch, x.shape[0] - start)).cpu().to(ScalarType.Float64).matmul(weights).data<double>().ToArray();
            for (int i = 0; i < sums.Length; i += 2)
                yield return (Math.Round(sums[i], 9), Math.Round(sums[i + 1], 9));
        }
    }

    private int Batches(Tensor x) => (int)((x.shape[0] + BatchSize - 1) / BatchSize);

    private EpochResult TrainEpoch(int epoch, int epochs, Tensor x, Tensor y, Tensor? validX, Tensor? validY, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var random = new SplitMix((ulong)Seed, (ulong)epoch);
        manual_seed((long)(random.NextBits() >> 1)); // dropout and the like
        long[] order = Array.ConvertAll(random.Permutation((int)x.shape[0]), i => (long)i);
        var (items, total, right) = (0L, 0.0, 0L);
        double rate = optimizer.ParamGroups.First().LearningRate;
        var shown = Stopwatch.StartNew();
        model.train();
        for (int step = 0; step < Batches(x); step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var index = tensor(order[(step * BatchSize)..Math.Min(order.Length, (step + 1) * BatchSize)], device: x.device);
            var (inputs, targets) = (x.index_select(0, index), y.index_select(0, index));
            ulong seed = random.NextBits();
            if (Augment is not null)
                inputs = Augment(inputs, seed);
            optimizer.zero_grad();
            var outputs = model.call(inputs);
            var error = loss(outputs, targets);
            error.backward();
            optimizer.step();
            if (StepEachBatch)
                Scheduler?.step();

            double value = error.Number();
            if (!double.IsFinite(value))
                throw new ArithmeticException(FormattableString.Invariant($"The loss is {value} in epoch {epoch}, batch {step + 1}: training has diverged. Try a smaller learning rate."));
            total += value * index.numel();
            items += index.numel();
            if (HasClasses(outputs, y))
                right += outputs.argmax(1).eq(targets).sum().item<long>();
            OnBatch?.Invoke(epoch, step, value);
            if (Progress && shown.ElapsedMilliseconds > 500)
            {
                Console.Write(FormattableString.Invariant($"\repoch {epoch}/{epochs}  {Bar(step + 1, Batches(x))}  loss {total / items:F4}"));
                shown.Restart();
            }
        }
        bool classes = y.dtype == ScalarType.Int64;
        var (validLoss, validAccuracy) = validX is null ? (double.NaN, double.NaN) : Evaluate(validX, validY!);
        var result = new EpochResult(epoch, total / items, classes ? (double)right / items : double.NaN, validLoss, validAccuracy, rate, watch.Elapsed.TotalSeconds);
        if (Progress)
        {
            string validation = validX is null ? "" : FormattableString.Invariant($"  validation {validLoss:F4}");
            string accuracy = validX is null || !classes ? "" : FormattableString.Invariant($"  accuracy {100 * validAccuracy:F2} %");
            Console.WriteLine(FormattableString.Invariant($"\repoch {epoch}/{epochs}  {Bar(1, 1)}  loss {result.TrainLoss:F4}{validation}{accuracy}"));
        }
        return result;
    }

    /// <summary>Mean loss and accuracy (NaN without classes) on data, in evaluation mode and without gradients, on the model's device.</summary>
    public (double Loss, double Accuracy) Evaluate(Tensor x, Tensor y)
    {
        bool training = model.training;
        var device = model.Device();
        model.eval();
        using var _ = no_grad();
        var (total, right) = (0.0, 0L);
        for (long start = 0; start < x.shape[0]; start += EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(EvaluationBatch, x.shape[0] - start);
            var (outputs, targets) = (model.call(x.narrow(0, start, count).to(device)), y.narrow(0, start, count).to(device));
            total += loss(outputs, targets).Number() * count;
            if (HasClasses(outputs, y))
                right += outputs.argmax(1).eq(targets).sum().item<long>();
        }
        model.train(training);
        return (total / x.shape[0], y.dtype == ScalarType.Int64 ? (double)right / x.shape[0] : double.NaN);
    }

    private static bool HasClasses(Tensor outputs, Tensor y) => y.dtype == ScalarType.Int64 && outputs.dim() == 2;

    private static string Bar(int done, int all)
    {
        int filled = 20 * done / all;
        return new string('█', filled) + new string('░', 20 - filled);
    }
}
