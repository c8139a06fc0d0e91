using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace TorchSharp.Managed.Tests;

/// <summary>Sequences of different lengths, packed; the numbers are the real library's.</summary>
public class PackedSequenceTests
{
    private static Tensor[] Sequences => [tensor(new[] { 1f, 2, 3 }), tensor(new[] { 4f, 5 }), tensor(new[] { 6f, 7, 8, 9 })];

    private static Tensor[] Rows => [.. Sequences.Select(sequence => sequence.unsqueeze(1))];

    private static float[] F(Tensor x) => x.contiguous().data<float>().ToArray();

    private static long[] L(Tensor x) => x.data<long>().ToArray();

    private static void Close(Tensor actual, params double[] expected) => Assert.Equal(expected, F(actual.detach()).Select(value => (double)value), (a, b) => Math.Abs(a - b) < 2e-6);

    [Fact]
    public void Pack_OfUnsortedSequences_PutsTheLongestFirst()
    {
        foreach (var packed in new[]
        {
            pack_sequence(Sequences, false),
            pack_padded_sequence(pad_sequence(Sequences), tensor(new[] { 3L, 2, 4 }), false, false),
            pack_padded_sequence(pad_sequence(Sequences, true), tensor(new[] { 3L, 2, 4 }), true, false),
        })
        {
            Assert.Equal([6f, 1, 4, 7, 2, 5, 8, 3, 9], F(packed.data));
            Assert.Equal([3L, 3, 2, 1], L(packed.batch_sizes));
            Assert.Equal([2L, 0, 1], L(packed.sorted_indices));
            Assert.Equal([1L, 2, 0], L(packed.unsorted_indices));
        }
    }

    [Fact]
    public void Pack_OfSortedSequences_HasNoIndices()
    {
        using var packed = pack_sequence([Sequences[2], Sequences[0]]);
        Assert.Equal([6f, 1, 7, 2, 8, 3, 9], F(packed.data));
        Assert.True(packed.sorted_indices.IsInvalid && packed.unsorted_indices.IsInvalid);
    }

    [Fact]
    public void Pack_OfWhatItSaysIsSorted_OrEmpty_IsRefused()
    {
        Assert.Contains("sorted in decreasing order", Assert.Throws<ExternalException>(() => pack_sequence(Sequences)).Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => pack_padded_sequence(zeros(4, 2), tensor(new[] { 3L, 0 })));
    }

    [Fact]
    public void Pad_OfPacked_GivesTheSequencesInTheirOrder()
    {
        using var packed = pack_sequence(Sequences, false);
        var (padded, lengths) = pad_packed_sequence(packed, padding_value: -1);
        Assert.Equal([4L, 3], padded.shape);
        Assert.Equal([1f, 4, 6, 2, 5, 7, 3, -1, 8, -1, -1, 9], F(padded));
        Assert.Equal([3L, 2, 4], L(lengths));
        (padded, _) = pad_packed_sequence(packed, true, -1, 6);
        Assert.Equal([3L, 6], padded.shape);
        Assert.Equal([1f, 2, 3, -1, -1, -1, 4, 5, -1, -1, -1, -1, 6, 7, 8, 9, -1, -1], F(padded));
        Assert.Throws<ExternalException>(() => pad_packed_sequence(packed, true, -1, 3));
    }

    [Fact]
    public void Pack_AndPad_LetGradientsThrough()
    {
        using var a = tensor(new[] { 1f, 2, 3 }, requires_grad: true);
        using var packed = pack_sequence([a, Sequences[1]]);
        var (padded, _) = pad_packed_sequence(packed);
        (padded * padded).sum().backward();
        Assert.Equal([2f, 4, 6], F(a.grad!));
    }

    [Fact]
    public void PackedSequence_BelongsToItsScope()
    {
        PackedSequence kept, lost;
        using (var scope = NewDisposeScope())
        {
            (kept, lost) = (pack_sequence(Sequences, false), pack_sequence(Sequences, false));
            kept.DetachFromDisposeScope();
        }
        Assert.False(kept.data.IsInvalid);
        Assert.True(lost.data.IsInvalid);
        kept.Dispose();
        Assert.True(kept.data.IsInvalid && kept.batch_sizes.IsInvalid);
    }

    [Fact]
    public void Lstm_OfTwoLayersInBothDirections_GivesLibtorchsStates()
    {
        manual_seed(0);
        using var lstm = nn.LSTM(1, 2, 2, bidirectional: true);
        using var packed = pack_sequence(Rows, false);
        var (output, hidden, cell) = lstm.call(packed);
        Assert.Equal([9L, 4], output.data.shape);
        Assert.Equal([3L, 3, 2, 1], L(output.batch_sizes));
        Assert.Equal([2L, 0, 1], L(output.sorted_indices));
        Close(output.data[0], 0.25166815519332886, 0.13260172307491302, -0.019025878980755806, 0.4384431540966034);
        Close(hidden[1].flatten(), -0.14583195745944977, -0.07913385331630707, -0.6105356812477112, -0.14587761461734772, -0.8448091745376587, -0.09086364507675171);
        Close(hidden[2].flatten(), 0.2805977375559662, 0.1778469681739807, 0.3072293996810913, 0.18123745918273926, 0.35712066292762756, 0.2905156910419464);
        Close(cell[3].flatten(), -0.25325191020965576, 0.5064817070960999, -0.12892237305641174, 0.5645304918289185, -0.06700672209262848, 0.6226510405540466);
    }

    [Fact]
    public void Gru_FromAnInitialState_GivesLibtorchsStates()
    {
        manual_seed(0);
        using var gru = nn.GRU(1, 2, batchFirst: true);
        using var packed = pack_sequence(Rows, false);
        var (output, hidden) = gru.call(packed, ones(1, 3, 2) * arange(3).view(1, 3, 1));
        Close(output.data[0], -0.8769093155860901, 0.9965609908103943);
        Close(hidden.flatten(), -0.7012373805046082, 0.7547145485877991, -0.8910213708877563, 0.9092751741409302, -0.9901694059371948, 0.9752525091171265);
    }

    public static TheoryData<string> Networks => ["RNN", "LSTM", "GRU"];

    [Theory, MemberData(nameof(Networks))]
    public void Network_OfPackedSequences_GivesWhatItGivesOfEachAlone_WithGradients(string name)
    {
        manual_seed(5);
        using var rnn = nn.RNN(1, 3, 2);
        using var lstm = nn.LSTM(1, 3, 2, bidirectional: true);
        using var gru = nn.GRU(1, 3, bidirectional: true);
        nn.Module network = name == "RNN" ? rnn : name == "LSTM" ? lstm : gru;
        Tensor One(Tensor x) => name == "RNN" ? rnn.call(x).Item1 : name == "LSTM" ? lstm.call(x).Item1 : gru.call(x).Item1;
        Tensor[] inputs = [.. Rows.Select(row => row.detach().requires_grad_())];
        Tensor[] alone = [.. inputs.Select(x => One(x.unsqueeze(1)).squeeze(1))];
        alone.Select(y => (y * y).sum()).Aggregate((a, b) => a + b).backward();
        Tensor[] expected = [.. inputs.Select(x => x.grad!.clone()), .. network.parameters().Select(parameter => parameter.grad!.clone())];
        foreach (var x in inputs)
            x.grad!.zero_();
        network.zero_grad();
        using var packed = pack_sequence(inputs, false);
        var result = name == "RNN" ? rnn.call(packed).Item1 : name == "LSTM" ? lstm.call(packed).Item1 : gru.call(packed).Item1;
        var (padded, lengths) = pad_packed_sequence(result);
        for (int i = 0; i < inputs.Length; i++)
            Assert.True(padded[TensorIndex.Slice(0, lengths[i].ToInt64()), i].allclose(alone[i], 1e-5, 1e-6), $"{name}: sequence {i}");
        (padded * padded).sum().backward();
        Tensor[] found = [.. inputs.Select(x => x.grad!), .. network.parameters().Select(parameter => parameter.grad!)];
        Assert.All(expected.Zip(found), pair => Assert.True(pair.First.allclose(pair.Second, 1e-4, 1e-6)));
    }
}
