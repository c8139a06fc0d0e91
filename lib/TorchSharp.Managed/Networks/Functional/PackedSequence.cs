namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            public static partial class rnn
            {
                /// <summary>
                /// Sequences of different lengths without padding: the elements of time 0 of all sequences, then those of time 1, and so on,
                /// the longest sequence first. The tensors belong to it.
                /// </summary>
                public sealed class PackedSequence : IDisposable
                {
                    /// <summary>[sum of the lengths, …].</summary>
                    public readonly Tensor data;

                    /// <summary>How many sequences reach each time, Int64.</summary>
                    public readonly Tensor batch_sizes;

                    /// <summary>Which sequence stands at each place; invalid where they were sorted before.</summary>
                    public readonly Tensor sorted_indices;

                    /// <summary>At which place each sequence stands; invalid where they were sorted before.</summary>
                    public readonly Tensor unsorted_indices;

                    /// <summary>Takes over handles to its tensors.</summary>
                    internal PackedSequence(Tensor data, Tensor batch_sizes, Tensor? sorted_indices, Tensor? unsorted_indices)
                    {
                        this.data = data.DetachFromDisposeScope();
                        this.batch_sizes = batch_sizes.DetachFromDisposeScope();
                        this.sorted_indices = (sorted_indices ?? Invalid()).DetachFromDisposeScope();
                        this.unsorted_indices = (unsorted_indices ?? Invalid()).DetachFromDisposeScope();
                        DisposeScopeManager.Statistics.PackedSequenceStatistics.Created(DisposeScope.Current is not null);
                        DisposeScope.Current?.Attach((IDisposable)this);
                    }

                    private static Tensor Invalid()
                    {
                        var none = empty(0);
                        none.Dispose();
                        return none;
                    }

                    internal bool IsSorted => sorted_indices.IsInvalid;

                    internal long[] Sizes => batch_sizes.Integers();

                    /// <summary>The same sequences with other data.</summary>
                    internal PackedSequence With(Tensor other) =>
                        new(other, batch_sizes.alias(), IsSorted ? null : sorted_indices.alias(), IsSorted ? null : unsorted_indices.alias());

                    /// <summary>The innermost open scope that holds it.</summary>
                    private DisposeScope? Owner
                    {
                        get
                        {
                            var scope = DisposeScope.Current;
                            while (scope is not null && !scope.Contains(this))
                                scope = scope.OuterScope;
                            return scope;
                        }
                    }

                    public void Dispose()
                    {
                        if (data.IsInvalid)
                            return;
                        var owner = Owner;
                        owner?.MarkAsDisposed(this);
                        DisposeScopeManager.Statistics.PackedSequenceStatistics.Disposed(owner is not null);
                        foreach (var tensor in new[] { data, batch_sizes, sorted_indices, unsorted_indices })
                            tensor.Dispose();
                    }

                    public PackedSequence MoveToOuterDisposeScope()
                    {
                        Owner?.MoveToOuter(this);
                        return this;
                    }

                    public PackedSequence DetachFromDisposeScope()
                    {
                        Owner?.Detach(this);
                        return this;
                    }

                    public PackedSequence MoveToOtherDisposeScope(PackedSequence other) => other.Owner is { } scope ? MoveToOtherDisposeScope(scope) : DetachFromDisposeScope();

                    public PackedSequence MoveToOtherDisposeScope(DisposeScope other)
                    {
                        if (Owner is { } owner)
                            owner.MoveToOther(other, this);
                        else
                            other.Attach((IDisposable)this);
                        return this;
                    }
                }

                /// <summary>Leaves the padding out.</summary>
                /// <param name="input">[L, N, …], or [N, L, …] with <paramref name="batch_first"/>.</param>
                /// <param name="lengths">The length of each sequence, 1 or more.</param>
                /// <param name="enforce_sorted">Whether the sequences come by decreasing length; otherwise they are sorted here, and results come in the given order.</param>
                public static PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true)
                {
                    using var scope = DisposeScope.ForTemporaries();
                    long[] all = lengths.Integers();
                    Tensor? order = null, place = null;
                    var x = batch_first ? input.transpose(0, 1) : input;
                    if (!enforce_sorted)
                    {
                        long[] by = [.. Enumerable.Range(0, all.Length).OrderByDescending(i => all[i]).Select(i => (long)i)];
                        (order, place) = (tensor(by, device: input.device), tensor(by, device: input.device).argsort());
                        x = x.index_select(1, order);
                        all = [.. by.Select(i => all[i])];
                    }
                    Check(all, x);
                    long[] sizes = [.. Enumerable.Range(0, (int)all[0]).Select(time => (long)all.Count(length => length > time))];
                    var data = cat([.. sizes.Select((size, time) => x[time].narrow(0, 0, size))], 0);
                    return new PackedSequence(data, tensor(sizes, device: CPU), order, place).MoveToOuterDisposeScope();
                }

                private static void Check(long[] lengths, Tensor x)
                {
                    static Exception Refused(string message) => new System.Runtime.InteropServices.ExternalException(message);
                    if (lengths.Length != x.shape[1])
                        throw Refused($"Expected `len(lengths)` to be equal to batch_size, but got {lengths.Length} (batch_size={x.shape[1]})");
                    if (lengths.Length == 0)
                        throw Refused("Expected one sequence or more, but got none");
                    if (lengths.Min() <= 0)
                        throw Refused("Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0");
                    if (lengths.Zip(lengths.Skip(1)).Any(pair => pair.First < pair.Second))
                        throw Refused("`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence.");
                    if (lengths[0] > x.shape[0])
                        throw Refused($"Expected lengths of at most {x.shape[0]}, the size of the padded input, but found {lengths[0]}");
                }

                /// <summary>Packs sequences [length, …].</summary>
                public static PackedSequence pack_sequence(IEnumerable<Tensor> sequences, bool enforce_sorted = true)
                {
                    using var scope = DisposeScope.ForTemporaries();
                    Tensor[] all = [.. sequences];
                    return pack_padded_sequence(pad_sequence(all), tensor(all.Select(sequence => sequence.shape[0]).ToArray(), device: CPU), false, enforce_sorted).MoveToOuterDisposeScope();
                }

                /// <summary>Puts padding at the end of each sequence: [L, N, …], or [N, L, …] with <paramref name="batch_first"/>, and the lengths, in the order from before the packing.</summary>
                /// <param name="total_length">L, where it is to be more than the longest sequence.</param>
                public static (Tensor, Tensor) pad_packed_sequence(PackedSequence sequence, bool batch_first = false, double padding_value = 0.0, long? total_length = null)
                {
                    using var scope = DisposeScope.ForTemporaries();
                    long[] sizes = sequence.Sizes, shape = sequence.data.shape;
                    long length = total_length ?? sizes.Length, batch = sizes[0];
                    if (length < sizes.Length)
                        throw new System.Runtime.InteropServices.ExternalException($"Expected total_length to be at least the length of the longest sequence in input, but got total_length={length} and max sequence length being {sizes.Length}");
                    Tensor Padding(params long[] size) => full([.. size, .. shape[1..]], padding_value, sequence.data.dtype, sequence.data.device);
                    Tensor[] times = [.. sequence.data.split(sizes, 0).Select((time, i) => sizes[i] == batch ? time : cat([time, Padding(batch - sizes[i])], 0))];
                    var padded = stack(times, 0);
                    if (length > sizes.Length)
                        padded = cat([padded, Padding(length - sizes.Length, batch)], 0);
                    var lengths = tensor(Enumerable.Range(0, (int)batch).Select(i => (long)sizes.Count(size => size > i)).ToArray(), device: CPU);
                    if (!sequence.IsSorted)
                        (padded, lengths) = (padded.index_select(1, sequence.unsorted_indices), lengths.index_select(0, sequence.unsorted_indices.cpu()));
                    return scope.MoveToOuter(batch_first ? padded.transpose(0, 1) : padded, lengths);
                }
            }
        }
    }
}
