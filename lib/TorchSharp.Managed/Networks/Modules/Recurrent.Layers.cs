using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Weights of stacked, possibly bidirectional layers under PyTorch's names, and the loop over time.</summary>
internal sealed partial class RecurrentLayers
{
    private readonly Module owner;
    private readonly RecurrentCell cell;
    private readonly long inputSize, hiddenSize;
    private readonly int layers, directions;
    private readonly bool bias, batchFirst;
    private readonly double dropout;

    internal RecurrentLayers(Module owner, RecurrentCell cell, long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
    {
        functional.RequireProbability(dropout);
        if (numLayers < 1) throw new ArgumentException($"{owner.GetName()}: numLayers is {numLayers}, expected 1 or more.", nameof(numLayers));
        (this.owner, this.cell, this.inputSize, this.hiddenSize, this.bias, this.batchFirst, this.dropout) = (owner, cell, inputSize, hiddenSize, bias, batchFirst, dropout);
        (layers, directions) = ((int)numLayers, bidirectional ? 2 : 1);
        InitializeDevice(device!);
        dtype ??= get_default_dtype();
        double bound = hiddenSize > 0 ? 1 / Math.Sqrt(hiddenSize) : 0;
        long rows = cell.Gates * hiddenSize;
        for (int layer = 0; layer < layers; layer++)
            for (int direction = 0; direction < directions; direction++)
            {
                string end = Suffix(layer, direction);
                owner.register_parameter("weight_ih" + end, RecurrentCell.NewWeight(bound, [rows, layer == 0 ? inputSize : hiddenSize * directions], device, dtype));
                owner.register_parameter("weight_hh" + end, RecurrentCell.NewWeight(bound, [rows, hiddenSize], device, dtype));
                if (!bias) continue;
                owner.register_parameter("bias_ih" + end, RecurrentCell.NewWeight(bound, [rows], device, dtype));
                owner.register_parameter("bias_hh" + end, RecurrentCell.NewWeight(bound, [rows], device, dtype));
            }
    }

    private static string Suffix(int layer, int direction) => FormattableString.Invariant($"_l{layer}{(direction == 1 ? "_reverse" : "")}");

    /// <param name="position">layer · directions + direction.</param>
    internal Parameter? Weight(string kind, long position) => owner.get_parameter(kind + Suffix((int)position / directions, (int)position % directions));

    internal (Tensor output, Tensor hidden, Tensor? cell) Run(Tensor input, Tensor? h0, Tensor? c0, bool training)
    {
        if (input.dim() is not (2 or 3) || input.shape[^1] != inputSize)
            throw new ArgumentException($"{owner.GetName()}: expected input [{(batchFirst ? "N, L" : "L, N")}, {inputSize}] or [L, {inputSize}], got shape [{string.Join(", ", input.shape)}].", nameof(input));
        using DisposeScope scope = DisposeScope.ForTemporaries();
        bool batched = input.dim() == 3;
        Tensor x = !batched ? input.unsqueeze(1) : batchFirst ? input.transpose(0, 1) : input;
        long batch = x.shape[1];
        Tensor first = Start(h0, x, batched, batch);
        Tensor? firstCell = cell.HasCell ? Start(c0, x, batched, batch) : null;
        (x, var lastHidden, var lastCells) = RunLayers(x, training, (below, position) => RunDirection(below, position, first[position], firstCell?[position]));
        Tensor h = stack([.. lastHidden], 0);
        Tensor? c = cell.HasCell ? stack([.. lastCells], 0) : null;
        if (!batched) (x, h, c) = (x.squeeze(1), h.squeeze(1), c?.squeeze(1));
        else if (batchFirst) x = x.transpose(0, 1);
        return (scope.MoveToOuter(x), scope.MoveToOuter(h), c is null ? null : scope.MoveToOuter(c));
    }

    /// <summary>Layer on layer, each in all its directions; gives the outputs of the last and the last state of each.</summary>
    /// <param name="run">Runs one layer in one direction, over the outputs of the layer below and at a position as in <see cref="Weight"/>.</param>
    private (Tensor output, List<Tensor> hidden, List<Tensor> cells) RunLayers(Tensor x, bool training, Func<Tensor, int, (Tensor sequence, Tensor hidden, Tensor? cell)> run)
    {
        var lastHidden = new List<Tensor>();
        var lastCells = new List<Tensor>();
        for (int layer = 0; layer < layers; layer++)
        {
            var outputs = new Tensor[directions];
            for (int direction = 0; direction < directions; direction++)
            {
                var (sequence, hidden, state) = run(x, layer * directions + direction);
                outputs[direction] = sequence;
                lastHidden.Add(hidden);
                if (state is not null) lastCells.Add(state);
            }
            x = directions == 1 ? outputs[0] : cat([.. outputs], -1);
            if (dropout > 0 && layer < layers - 1) x = functional.dropout(x, dropout, training);
        }
        return (x, lastHidden, lastCells);
    }

    private Tensor Start(Tensor? state, Tensor x, bool batched, long batch)
    {
        long[] shape = [layers * directions, batch, hiddenSize];
        if (state is null) return zeros(shape, x.dtype, x.device);
        if (!batched) state = state.unsqueeze(1);
        if (!state.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"{owner.GetName()}: expected initial state [{string.Join(", ", shape)}], got [{string.Join(", ", state.shape)}].", nameof(state));
        return state;
    }

    /// <summary>One layer in one direction. The product with the inputs is done for all times at once.</summary>
    private (Tensor sequence, Tensor hidden, Tensor? cell) RunDirection(Tensor x, int position, Tensor hidden, Tensor? state)
    {
        Tensor? biasHidden = bias ? Weight("bias_hh", position) : null;
        Tensor weightHidden = Weight("weight_hh", position)!;
        Tensor[] inputs = functional.linear(x, Weight("weight_ih", position)!, bias ? Weight("bias_ih", position) : null).unbind(0);
        var outputs = new Tensor[inputs.Length];
        bool reverse = directions == 2 && position % 2 == 1;
        for (int i = 0; i < inputs.Length; i++)
        {
            int time = reverse ? inputs.Length - 1 - i : i;
            (hidden, state) = cell.Step(inputs[time], functional.linear(hidden, weightHidden, biasHidden), hidden, state);
            outputs[time] = hidden;
        }
        return (stack([.. outputs], 0), hidden, state);
    }
}
