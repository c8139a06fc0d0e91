using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Weights of stacked, possibly bidirectional layers under PyTorch's names, and the loop over time.</summary>
internal sealed partial class RecurrentLayers
{
    private readonly Module _owner;
    private readonly RecurrentCell _cell;
    private readonly long _inputSize, _hiddenSize;
    private readonly int _layers, _directions;
    private readonly bool _bias, _batchFirst;
    private readonly double _dropout;

    internal RecurrentLayers(Module owner, RecurrentCell cell, long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, Device? device, ScalarType? dtype)
    {
        functional.RequireProbability(dropout);
        if (numLayers < 1)
            throw new ArgumentException($"{owner.GetName()}: numLayers is {numLayers}, expected 1 or more.", nameof(numLayers));
        (_owner, _cell, _inputSize, _hiddenSize, _bias, _batchFirst, _dropout) = (owner, cell, inputSize, hiddenSize, bias, batchFirst, dropout);
        (_layers, _directions) = ((int)numLayers, bidirectional ? 2 : 1);
        InitializeDevice(device!);
        dtype ??= get_default_dtype();
        double bound = hiddenSize > 0 ? 1 / Math.Sqrt(hiddenSize) : 0;
        long rows = cell.Gates * hiddenSize;
        for (int layer = 0; layer < _layers; layer++)
            for (int direction = 0; direction < _directions; direction++)
            {
                string end = Suffix(layer, direction);
                owner.register_parameter("weight_ih" + end, RecurrentCell.NewWeight(bound, [rows, layer == 0 ? inputSize : hiddenSize * _directions], device, dtype));
                owner.register_parameter("weight_hh" + end, RecurrentCell.NewWeight(bound, [rows, hiddenSize], device, dtype));
                if (!bias)
                    continue;
                owner.register_parameter("bias_ih" + end, RecurrentCell.NewWeight(bound, [rows], device, dtype));
                owner.register_parameter("bias_hh" + end, RecurrentCell.NewWeight(bound, [rows], device, dtype));
            }
    }

    private static string Suffix(int layer, int direction) => FormattableString.Invariant($"_l{layer}{(direction == 1 ? "_reverse" : "")}");

    /// <param name="position">layer · directions + direction.</param>
    internal Parameter? Weight(string kind, long position) => _owner.get_parameter(kind + Suffix((int)position / _directions, (int)position % _directions));

    internal (Tensor output, Tensor hidden, Tensor? cell) Run(Tensor input, Tensor? h0, Tensor? c0, bool training)
    {
        if (input.dim() is not (2 or 3) || input.shape[^1] != _inputSize)
            throw new ArgumentException($"{_owner.GetName()}: expected input [{(_batchFirst ? "N, L" : "L, N")}, {_inputSize}] or [L, {_inputSize}], got shape [{string.Join(", ", input.shape)}].", nameof(input));
        using var scope = DisposeScope.ForTemporaries();
        bool batched = input.dim() == 3;
        var x = !batched ? input.unsqueeze(1) : _batchFirst ? input.transpose(0, 1) : input;
        long batch = x.shape[1];
        var first = Start(h0, x, batched, batch);
        var firstCell = _cell.HasCell ? Start(c0, x, batched, batch) : null;
        (x, var lastHidden, var lastCells) = RunLayers(x, training, (below, position) => RunDirection(below, position, first[position], firstCell?[position]));
        var h = stack([.. lastHidden], 0);
        var c = _cell.HasCell ? stack([.. lastCells], 0) : null;
        if (!batched)
            (x, h, c) = (x.squeeze(1), h.squeeze(1), c?.squeeze(1));
        else if (_batchFirst)
            x = x.transpose(0, 1);
        return (scope.MoveToOuter(x), scope.MoveToOuter(h), c is null ? null : scope.MoveToOuter(c));
    }

    /// <summary>Layer on layer, each in all its directions; gives the outputs of the last and the last state of each.</summary>
    /// <param name="run">Runs one layer in one direction, over the outputs of the layer below and at a position as in <see cref="Weight"/>.</param>
    private (Tensor output, List<Tensor> hidden, List<Tensor> cells) RunLayers(Tensor x, bool training, Func<Tensor, int, (Tensor sequence, Tensor hidden, Tensor? cell)> run)
    {
        var lastHidden = new List<Tensor>();
        var lastCells = new List<Tensor>();
        for (int layer = 0; layer < _layers; layer++)
        {
            var outputs = new Tensor[_directions];
            for (int direction = 0; direction < _directions; direction++)
            {
                var (sequence, hidden, state) = run(x, layer * _directions + direction);
                outputs[direction] = sequence;
                lastHidden.Add(hidden);
                if (state is not null)
                    lastCells.Add(state);
            }
            x = _directions == 1 ? outputs[0] : cat([.. outputs], -1);
            if (_dropout > 0 && layer < _layers - 1)
                x = functional.dropout(x, _dropout, training);
        }
        return (x, lastHidden, lastCells);
    }

    private Tensor Start(Tensor? state, Tensor x, bool batched, long batch)
    {
        long[] shape = [_layers * _directions, batch, _hiddenSize];
        if (state is null)
            return zeros(shape, x.dtype, x.device);
        if (!batched)
            state = state.unsqueeze(1);
        if (!state.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException($"{_owner.GetName()}: expected initial state [{string.Join(", ", shape)}], got [{string.Join(", ", state.shape)}].", nameof(state));
        return state;
    }

    /// <summary>One layer in one direction. The product with the inputs is done for all times at once.</summary>
    private (Tensor sequence, Tensor hidden, Tensor? cell) RunDirection(Tensor x, int position, Tensor hidden, Tensor? state)
    {
        Tensor? biasHidden = _bias ? Weight("bias_hh", position) : null;
        Tensor weightHidden = Weight("weight_hh", position)!;
        var inputs = functional.linear(x, Weight("weight_ih", position)!, _bias ? Weight("bias_ih", position) : null).unbind(0);
        var outputs = new Tensor[inputs.Length];
        bool reverse = _directions == 2 && position % 2 == 1;
        for (int i = 0; i < inputs.Length; i++)
        {
            int time = reverse ? inputs.Length - 1 - i : i;
            (hidden, state) = _cell.Step(inputs[time], functional.linear(hidden, weightHidden, biasHidden), hidden, state);
            outputs[time] = hidden;
        }
        return (stack([.. outputs], 0), hidden, state);
    }
}
