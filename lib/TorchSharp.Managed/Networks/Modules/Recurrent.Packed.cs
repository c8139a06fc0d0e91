using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.utils.rnn;

namespace TorchSharp.Modules;

/// <summary>The loop over time for sequences of different lengths.</summary>
internal sealed partial class RecurrentLayers
{
    /// <returns>All outputs of the last layer, packed as the input is, and the last state of each layer, in the order from before the packing.</returns>
    internal (PackedSequence output, Tensor hidden, Tensor? cell) Run(PackedSequence input, Tensor? h0, Tensor? c0, bool training)
    {
        if (input.data.dim() != 2 || input.data.shape[1] != _inputSize)
            throw new ArgumentException($"{_owner.GetName()}: expected packed input [elements, {_inputSize}], got shape [{string.Join(", ", input.data.shape)}].", nameof(input));
        using var scope = DisposeScope.ForTemporaries();
        long[] sizes = input.Sizes;
        var x = input.data;
        var first = Sorted(Start(h0, x, true, sizes[0]), input);
        var firstCell = _cell.HasCell ? Sorted(Start(c0, x, true, sizes[0]), input) : null;
        (x, var lastHidden, var lastCells) = RunLayers(x, training, (below, position) => RunPacked(below, sizes, position, first[position], firstCell?[position]));
        var h = Unsorted(stack([.. lastHidden], 0), input);
        var c = _cell.HasCell ? Unsorted(stack([.. lastCells], 0), input) : null;
        var output = input.With(x).MoveToOuterDisposeScope();
        return (output, scope.MoveToOuter(h), c is null ? null : scope.MoveToOuter(c));
    }

    private static Tensor Sorted(Tensor state, PackedSequence by) => by.IsSorted ? state : state.index_select(1, by.sorted_indices);

    private static Tensor Unsorted(Tensor state, PackedSequence by) => by.IsSorted ? state : state.index_select(1, by.unsorted_indices);

    /// <summary>Forwards, sequences end one after the other, the shortest first; backwards, they begin in the opposite order.</summary>
    private (Tensor sequence, Tensor hidden, Tensor? cell) RunPacked(Tensor x, long[] sizes, int position, Tensor hidden0, Tensor? state0)
    {
        Tensor? biasHidden = _bias ? Weight("bias_hh", position) : null;
        Tensor weightHidden = Weight("weight_hh", position)!;
        var inputs = functional.linear(x, Weight("weight_ih", position)!, _bias ? Weight("bias_ih", position) : null).split(sizes, 0);
        var outputs = new Tensor[inputs.Length];
        bool reverse = _directions == 2 && position % 2 == 1;
        long running = reverse ? sizes[^1] : sizes[0];
        var hidden = hidden0.narrow(0, 0, running);
        var state = state0?.narrow(0, 0, running);
        var ended = new List<(Tensor hidden, Tensor? state)>();
        for (int i = 0; i < inputs.Length; i++)
        {
            int time = reverse ? inputs.Length - 1 - i : i;
            long size = sizes[time];
            if (size < running)
            {
                ended.Insert(0, (hidden.narrow(0, size, running - size), state?.narrow(0, size, running - size)));
                (hidden, state) = (hidden.narrow(0, 0, size), state?.narrow(0, 0, size));
            }
            else if (size > running)
            {
                hidden = cat([hidden, hidden0.narrow(0, running, size - running)], 0);
                if (state is not null)
                    state = cat([state, state0!.narrow(0, running, size - running)], 0);
            }
            running = size;
            (hidden, state) = _cell.Step(inputs[time], functional.linear(hidden, weightHidden, biasHidden), hidden, state);
            outputs[time] = hidden;
        }
        if (ended.Count > 0)
        {
            hidden = cat([hidden, .. ended.Select(item => item.hidden)], 0);
            if (state is not null)
                state = cat([state, .. ended.Select(item => item.state!)], 0);
        }
        return (cat(outputs, 0), hidden, state);
    }
}
