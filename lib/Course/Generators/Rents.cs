namespace Course;

/// <summary>Flats and their monthly rents, made by a known linear rule plus noise, so that what a method finds can be compared with the truth.</summary>
/// <remarks>rent = 420 + 8.5·area + 30·rooms − 1.2·age − 24·distance + noise, noise normal with a standard deviation of 60 €.
/// Larger flats have more rooms (correlation about 0.9). Nobody's data: every number is drawn from a seed.</remarks>
public sealed class Rents
{
    /// <summary>Columns of <see cref="Features"/>.</summary>
    public static readonly string[] Names = ["area (m²)", "rooms", "age (years)", "distance (km)"];

    /// <summary>The rule's coefficients: euros per m², per room, per year, per kilometre.</summary>
    public static readonly double[] TrueWeights = [8.5, 30, -1.2, -24];

    /// <summary>The rule's constant in euros.</summary>
    public const double TrueIntercept = 420;

    /// <summary>Standard deviation of the noise in euros.</summary>
    public const double Noise = 60;

    private Rents(double[,] features, double[] rent) => (Features, Rent) = (features, rent);

    /// <summary>One row for each flat, columns as in <see cref="Names"/>.</summary>
    public double[,] Features { get; }

    /// <summary>Euros per month.</summary>
    public double[] Rent { get; }

    public double[] Area => Column(0);

    public double[] Rooms => Column(1);

    public double[] Age => Column(2);

    public double[] Distance => Column(3);

    /// <summary>The same seed gives the same flats on every machine and engine.</summary>
    public static Rents Sample(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double[,] features = new double[count, 4];
        double[] rent = new double[count];
        for (int i = 0; i < count; i++)
        {
            var random = new SplitMix((ulong)seed, (ulong)i);
            double area = Math.Round(random.Next(25, 120));
            double rooms = Math.Clamp(Math.Round(area / 26 + 0.45 * random.NextNormal()), 1, 6);
            double age = Math.Round(random.Next(0, 100)), distance = Math.Round(random.Next(0, 15), 1);
            (features[i, 0], features[i, 1], features[i, 2], features[i, 3]) = (area, rooms, age, distance);
            rent[i] = TrueIntercept + Noise * random.NextNormal();
            for (int j = 0; j < 4; j++)
                rent[i] += TrueWeights[j] * features[i, j];
        }
        return new(features, rent);
    }

    private double[] Column(int column) => [.. Enumerable.Range(0, Rent.Length).Select(i => Features[i, column])];
}
