namespace Course;

/// <summary>
/// Gradient-boosted decision trees for two classes: each small tree is fitted to what the sum of those before leaves over.
/// </summary>
/// <remarks>
/// J. Friedman (Greedy Function Approximation: A Gradient Boosting Machine, The Annals of Statistics 29(5), 2001), algorithm 5:
/// the residual of a row is its label minus its probability, a tree splits where the squares of the residuals fall most, and a leaf
/// adds Σ residual / Σ p(1 − p), times the learning rate. Cuts are tried at no more than 32 quantiles of a column.
/// </remarks>
public sealed class BoostedTrees
{
    private const int MostCuts = 32;

    private readonly double _start, _rate;
    private readonly List<Node> _trees = [];

    private BoostedTrees(double start, double rate) => (_start, _rate) = (start, rate);

    /// <summary>How many trees are added up.</summary>
    public int Count => _trees.Count;

    /// <summary>Grows the trees; nothing is drawn by lot, so equal rows give equal trees.</summary>
    /// <param name="rows">Training rows, all with equally many columns.</param>
    /// <param name="labels">Whether a row belongs to the class that is asked for.</param>
    /// <param name="trees">How many are added up, at least 1.</param>
    /// <param name="depth">Questions between a tree's root and a leaf, at least 1.</param>
    /// <param name="rate">What part of each tree counts: small steps need more trees.</param>
    /// <param name="leastRows">Rows that each side of a question must keep.</param>
    /// <exception cref="ArgumentException">Another number of labels than of rows, rows of different widths, or only one class.</exception>
    public static BoostedTrees Fit(IReadOnlyList<float[]> rows, IReadOnlyList<bool> labels, int trees = 60, int depth = 3, double rate = 0.1, int leastRows = 10)
    {
        if (rows.Count != labels.Count || rows.Count == 0)
            throw new ArgumentException($"{rows.Count} rows and {labels.Count} labels: every row needs one label.", nameof(labels));
        if (rows.FirstOrDefault(row => row.Length != rows[0].Length) is { } odd)
            throw new ArgumentException($"A row has {odd.Length} columns, the first has {rows[0].Length}: all must have the same.", nameof(rows));
        int positive = labels.Count(label => label);
        if (positive == 0 || positive == rows.Count)
            throw new ArgumentException($"All {rows.Count} labels are {labels[0]}: there is nothing to tell apart.", nameof(labels));
        ArgumentOutOfRangeException.ThrowIfLessThan(trees, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(leastRows, 1);
        if (!(rate > 0))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The learning rate is above 0.");

        var model = new BoostedTrees(Math.Log((double)positive / (rows.Count - positive)), rate);
        var columns = Enumerable.Range(0, rows[0].Length).Select(c => new Column(c, [.. rows.Select(row => row[c])])).ToArray();
        double[] sum = [.. Enumerable.Repeat(model._start, rows.Count)];
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        for (int t = 0; t < trees; t++)
        {
            double[] probability = [.. sum.Select(Sigmoid)];
            double[] residual = [.. probability.Select((p, i) => (labels[i] ? 1 : 0) - p)];
            var tree = Grow(all, depth, new(columns, residual, probability, leastRows));
            model._trees.Add(tree);
            for (int i = 0; i < rows.Count; i++)
                sum[i] += rate * tree.Value(rows[i]);
        }
        return model;
    }

    /// <summary>The logit of the class that was asked for: above 0 where it is more likely than not.</summary>
    public double Score(float[] row) => _start + _rate * _trees.Sum(tree => tree.Value(row));

    /// <summary>The probability of that class.</summary>
    public double Probability(float[] row) => Sigmoid(Score(row));

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static Node Grow(int[] rows, int depth, Fitting to)
    {
        double slope = rows.Sum(i => to.Residual[i]), curvature = rows.Sum(i => to.Probability[i] * (1 - to.Probability[i]));
        var leaf = new Node(-1, 0, slope / Math.Max(curvature, 1e-6), null, null);
        if (depth == 0 || rows.Length < 2 * to.LeastRows || Best(rows, slope, to) is not { } question)
            return leaf;
        var sides = rows.ToLookup(i => question.Column.Bin[i] <= question.Cut);
        return new(question.Column.Index, question.Column.Cuts[question.Cut], 0,
            Grow([.. sides[true]], depth - 1, to), Grow([.. sides[false]], depth - 1, to));
    }

    /// <summary>The question that lowers Σ(residual − mean of its side)² most; null where none keeps enough rows on both sides.</summary>
    private static (Column Column, int Cut)? Best(int[] rows, double total, Fitting to)
    {
        (Column, int)? best = null;
        double most = total * total / rows.Length + 1e-9;
        Span<double> sums = stackalloc double[MostCuts + 1];
        Span<int> counts = stackalloc int[MostCuts + 1];
        foreach (var column in to.Columns)
        {
            sums.Clear();
            counts.Clear();
            foreach (int i in rows)
            {
                sums[column.Bin[i]] += to.Residual[i];
                counts[column.Bin[i]]++;
            }
            double left = 0;
            for (int cut = 0, below = 0; cut < column.Cuts.Length; cut++)
            {
                (left, below) = (left + sums[cut], below + counts[cut]);
                int above = rows.Length - below;
                if (below < to.LeastRows || above < to.LeastRows)
                    continue;
                double gain = left * left / below + (total - left) * (total - left) / above;
                if (gain > most)
                    (most, best) = (gain, (column, cut));
            }
        }
        return best;
    }

    private sealed record Fitting(Column[] Columns, double[] Residual, double[] Probability, int LeastRows);

    /// <summary>The cuts that may be asked of a column, and for each row the first cut that it does not exceed.</summary>
    private sealed class Column
    {
        public Column(int index, float[] values)
        {
            float[] distinct = [.. values.Distinct().Order()];
            double step = Math.Max(1, (distinct.Length - 1) / (double)MostCuts);
            Index = index;
            Cuts = [.. Enumerable.Range(0, Math.Min(MostCuts, distinct.Length - 1)).Select(k => (int)(k * step))
                .Select(k => (distinct[k] + distinct[k + 1]) / 2)];
            Bin = [.. values.Select(v => Array.FindIndex(Cuts, cut => v <= cut) is var bin && bin < 0 ? Cuts.Length : bin)];
        }

        public int Index { get; }

        public float[] Cuts { get; }

        public int[] Bin { get; }
    }

    /// <summary>A question (is the column at most the cut?) with two sides, or a leaf with a value.</summary>
    private sealed record Node(int Column, float Cut, double Leaf, Node? Low, Node? High)
    {
        public double Value(float[] row) => Low is null ? Leaf : row[Column] <= Cut ? Low.Value(row) : High!.Value(row);
    }
}
