using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

internal static unsafe partial class Operations
{
    /// <summary>Einstein summation, two operands at a time: each pair becomes one batched matrix product.</summary>
    internal static Tensor Einsum(string equation, Tensor[] tensors)
    {
        string[] sides = equation.Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] inputs = sides[0].Split(',');
        if (sides.Length > 2 || inputs.Length != tensors.Length)
            throw new ExternalException($"einsum(): the equation \"{equation}\" names {inputs.Length} operands, {tensors.Length} were given");
        using var scope = DisposeScope.ForTemporaries();
        int ellipsis = Math.Max(0, inputs.Select((input, i) => input.Contains("...", StringComparison.Ordinal) ? (int)tensors[i].dim() - (input.Length - 3) : 0).Max());
        int[][] labels = inputs.Select((input, i) => Labels(input, (int)tensors[i].dim(), ellipsis, equation)).ToArray();
        int[] output = sides.Length == 2 ? Labels(sides[1], -1, ellipsis, equation)
            : [.. Dots(ellipsis), .. labels.SelectMany(l => l).Where(c => c >= 0).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order()];
        var sizes = new Dictionary<int, long>();
        for (int i = 0; i < tensors.Length; i++)
            for (int d = 0; d < labels[i].Length; d++)
            {
                long size = tensors[i].Layout.Shape[d];
                long known = sizes.GetValueOrDefault(labels[i][d], 1);
                if (known != 1 && size != 1 && known != size)
                    throw new ExternalException($"einsum(): subscript {Name(labels[i][d])} has size {size} for operand {i} which does not broadcast with previously seen size {known} (\"{equation}\")");
                sizes[labels[i][d]] = known == 1 ? size : known;
            }
        foreach (int label in output)
            if (!sizes.ContainsKey(label))
                throw new ExternalException($"einsum(): output subscript {Name(label)} does not appear in the equation for any input operand (\"{equation}\")");

        var (left, leftLabels) = Diagonals(tensors[0], labels[0]);
        for (int i = 1; i < tensors.Length; i++)
        {
            var (right, rightLabels) = Diagonals(tensors[i], labels[i]);
            var later = new HashSet<int>(output.Concat(labels.Skip(i + 1).SelectMany(l => l)));
            (left, leftLabels) = Pair(left, leftLabels, right, rightLabels, later, sizes);
        }
        int[] sum = leftLabels.Where(l => !output.Contains(l)).ToArray();
        if (sum.Length > 0)
            left = Sum(left, Array.ConvertAll(sum, l => (long)Array.IndexOf(leftLabels, l)), false);
        leftLabels = leftLabels.Where(output.Contains).ToArray();
        var result = Permute(left, Array.ConvertAll(output, l => (long)Array.IndexOf(leftLabels, l)));
        return scope.MoveToOuter(result);
    }

    private static string Name(int label) => label < 0 ? "..." : ((char)label).ToString();

    /// <summary>Negative labels for the dimensions that "…" stands for, numbered from the last.</summary>
    private static IEnumerable<int> Dots(int count) => Enumerable.Range(0, count).Select(k => -(count - k));

    private static int[] Labels(string text, int rank, int ellipsis, string equation)
    {
        var result = new List<int>();
        for (int i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith("..."))
            {
                result.AddRange(Dots(rank < 0 ? ellipsis : rank - (text.Length - 3)));
                i += 2;
            }
            else if (char.IsAsciiLetter(text[i]))
                result.Add(text[i]);
            else
                throw new ExternalException($"einsum(): invalid subscript given at index {i} in the equation string, subscripts must be in [a-zA-Z] (\"{equation}\")");
        }
        if (rank >= 0 && result.Count != rank)
            throw new ExternalException($"einsum(): the number of subscripts in \"{text}\" does not match the number of dimensions ({rank}) for an operand");
        return [.. result];
    }

    /// <summary>A label that occurs twice in one operand takes its diagonal.</summary>
    private static (Tensor, int[]) Diagonals(Tensor x, int[] labels)
    {
        for (var repeat = labels.GroupBy(l => l).FirstOrDefault(g => g.Count() > 1); repeat is not null; repeat = labels.GroupBy(l => l).FirstOrDefault(g => g.Count() > 1))
        {
            int first = Array.IndexOf(labels, repeat.Key), second = Array.IndexOf(labels, repeat.Key, first + 1);
            x = Diagonal(x, 0, first, second);
            labels = [.. labels.Where((_, d) => d != first && d != second), repeat.Key];
        }
        return (x, labels);
    }

    /// <summary>One contraction: shared labels that stay are the batch, shared ones that go are summed, the rest are rows and columns.</summary>
    private static (Tensor, int[]) Pair(Tensor a, int[] la, Tensor b, int[] lb, HashSet<int> later, Dictionary<int, long> sizes)
    {
        // What only one side has and nobody needs any more is summed at once.
        (a, la) = SumAlone(a, la, lb, later);
        (b, lb) = SumAlone(b, lb, la, later);
        int[] shared = la.Intersect(lb).ToArray();
        int[] batch = [.. shared.Where(later.Contains)], summed = [.. shared.Where(l => !later.Contains(l))];
        int[] rows = [.. la.Except(shared)], columns = [.. lb.Except(shared)];
        long Count(int[] group) => group.Aggregate(1L, (product, l) => product * sizes[l]);
        var left = Arranged(a, la, [.. batch, .. rows, .. summed], sizes).reshape(Count(batch), Count(rows), Count(summed));
        var right = Arranged(b, lb, [.. batch, .. summed, .. columns], sizes).reshape(Count(batch), Count(summed), Count(columns));
        int[] labels = [.. batch, .. rows, .. columns];
        return (MatrixProduct(left, right).reshape(Array.ConvertAll(labels, l => sizes[l])), labels);
    }

    private static (Tensor, int[]) SumAlone(Tensor x, int[] labels, int[] others, HashSet<int> later)
    {
        int[] alone = labels.Where(l => !later.Contains(l) && !others.Contains(l)).ToArray();
        return alone.Length == 0 ? (x, labels) : (Sum(x, Array.ConvertAll(alone, l => (long)Array.IndexOf(labels, l)), false), labels.Except(alone).ToArray());
    }

    private static Tensor Arranged(Tensor x, int[] labels, int[] order, Dictionary<int, long> sizes) =>
        Expand(Permute(x, Array.ConvertAll(order, l => (long)Array.IndexOf(labels, l))), Array.ConvertAll(order, l => sizes[l]));
}
