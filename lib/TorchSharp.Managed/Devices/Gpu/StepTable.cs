using System.Runtime.InteropServices;

namespace TorchSharp.Gpu;

/// <summary>
/// The parameters that one launch steps: where their operands lie. They come from all over the memory, and a kernel has a fixed number of
/// arguments; so it gets the segments, and a table that says for each parameter in which segment and how far behind its begin each operand is.
/// </summary>
/// <remarks>Small parameters share segments, so that a group usually is one launch; each large one has segments of its own.</remarks>
internal sealed unsafe class StepTable
{
    private readonly List<int> _segments = [];
    private readonly List<long> _rows = [];
    private readonly int _elementSize;

    private StepTable(int elementSize) => _elementSize = elementSize;

    /// <summary>Elements of all parameters.</summary>
    internal long Count { get; private set; }

    /// <summary>How many parameters it has.</summary>
    internal int Parameters { get; private set; }

    /// <summary>The rows, as <see cref="OptimKernels"/> reads them.</summary>
    internal ReadOnlySpan<long> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>As many as fit, one at least.</summary>
    /// <param name="rest">What is left; made shorter by those that are in the table.</param>
    internal static StepTable Take(ref ReadOnlySpan<StepOperands> rest, int elementSize)
    {
        var table = new StepTable(elementSize);
        while (table.Parameters < rest.Length && table.TryAdd(rest[table.Parameters]))
            table.Parameters++;
        rest = rest[table.Parameters..];
        return table;
    }

    /// <summary>The segments in the order of their numbers in the table.</summary>
    internal StepSegments<T> Segments<T>(GpuMemory memory) where T : unmanaged
    {
        ILGPU.ArrayView<T> Of(int i) => memory.WholeSegment<T>(_segments[Math.Min(i, _segments.Count - 1)]);
        return new StepSegments<T>(Of(0), Of(1), Of(2), Of(3), Of(4), Of(5), Of(6), Of(7));
    }

    private bool TryAdd(in StepOperands operands)
    {
        int segments = _segments.Count;
        Span<long> row = [Count + operands.Count, Place(operands.Parameter, operands), Place(operands.Gradient, operands), Place(operands.First, operands), Place(operands.Second, operands), Place(operands.Third, operands)];
        if (Parameters > 0 && (_segments.Count > OptimKernels.Segments || row[0] > int.MaxValue))
        {
            _segments.RemoveRange(segments, _segments.Count - segments);
            return false;
        }
        _rows.AddRange(row);
        Count = row[0];
        return true;
    }

    /// <summary>Segment and element; of what there is not, the parameter's, which nobody reads then.</summary>
    private long Place(nint address, in StepOperands operands)
    {
        var (segment, offset) = GpuMemory.Locate((void*)(address == 0 ? operands.Parameter : address));
        int number = _segments.IndexOf(segment);
        if (number < 0)
        {
            number = _segments.Count;
            _segments.Add(segment);
        }
        return (long)number << OptimKernels.ElementBits | offset / _elementSize;
    }
}
