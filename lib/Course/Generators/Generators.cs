namespace Course;

/// <summary>Small data sets made on the spot: the same seed gives the same numbers on every machine.</summary>
public static class Generators
{
    /// <summary>
    /// Two interleaving half circles of radius 1: the upper around (0, 0) is class 0, the lower around (1, 0.5) class 1.
    /// No straight line separates them.
    /// </summary>
    /// <param name="count">Number of points, half of them in each class.</param>
    /// <param name="noise">Standard deviation of the noise added to both coordinates.</param>
    /// <param name="seed">Same seed, same points.</param>
    public static LabelledPoints TwoMoons(int count, double noise, int seed)
    {
        var random = new Random(seed);
        return Shuffled(random, count, i =>
        {
            double angle = Math.PI * random.NextDouble();
            var (x, y) = i % 2 == 0 ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
            return ([x + noise * Normal(random), y + noise * Normal(random)], i % 2);
        });
    }

    /// <summary>Points around the corners of the square [−1, 1]²: class 1 where exactly one coordinate is positive.</summary>
    /// <inheritdoc cref="TwoMoons"/>
    public static LabelledPoints Xor(int count, double noise, int seed)
    {
        var random = new Random(seed);
        return Shuffled(random, count, i =>
        {
            int a = i % 2, b = i / 2 % 2;
            return ([2 * a - 1 + noise * Normal(random), 2 * b - 1 + noise * Normal(random)], a ^ b);
        });
    }

    /// <summary>
    /// Sequences in which order is all that counts: symbols 2 to 5 at random, and one 0 and one 1 at random places.
    /// The label is 1 when 0 comes before 1.
    /// </summary>
    /// <returns>Symbols [count][length] and labels [count].</returns>
    public static (int[][] Symbols, int[] Labels) Order(int count, int length, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        var random = new Random(seed);
        int[][] symbols = new int[count][];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            symbols[i] = [.. Enumerable.Range(0, length).Select(_ => random.Next(2, 6))];
            int a = random.Next(length), b = (a + random.Next(1, length)) % length;
            (symbols[i][a], symbols[i][b], labels[i]) = (0, 1, a < b ? 1 : 0);
        }
        return (symbols, labels);
    }

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static LabelledPoints Shuffled(Random random, int count, Func<int, (double[] Point, int Label)> draw)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var drawn = Enumerable.Range(0, count).Select(draw).ToArray();
        random.Shuffle(drawn);
        return new([.. drawn.Select(one => one.Point)], [.. drawn.Select(one => one.Label)]);
    }
}
