using static TorchSharp.torch;

namespace Course;

/// <summary>Models of two inputs, looked at as a landscape over the plane.</summary>
public static class Plane
{
    private const int Steps = 120;

    /// <summary>
    /// The model's value at (x, y) for figures: computed for a whole grid at once, because one large batch is much faster
    /// than thousands of single points; between grid points the nearest one counts.
    /// </summary>
    /// <param name="model">Gives one number for each row of [count, 2].</param>
    /// <param name="xRange">From, to.</param>
    /// <param name="yRange">From, to.</param>
    public static Func<double, double, double> Field(Func<Tensor, Tensor> model, (double From, double To) xRange, (double From, double To) yRange)
    {
        const int Side = Steps + 1;
        float[] points = new float[Side * Side * 2];
        for (int i = 0; i < Side * Side; i++)
        {
            points[2 * i] = (float)(xRange.From + (xRange.To - xRange.From) * (i % Side) / Steps);
            points[2 * i + 1] = (float)(yRange.From + (yRange.To - yRange.From) * (i / Side) / Steps);
        }
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        float[] values = model(tensor(points).reshape(Side * Side, 2)).to(ScalarType.Float32).flatten().cpu().data<float>().ToArray();
        if (values.Length != Side * Side)
            throw new ArgumentException($"The model gave {values.Length} numbers for {Side * Side} points; expected one each.", nameof(model));
        return (x, y) => values[Index(y, yRange) * Side + Index(x, xRange)];
    }

    private static int Index(double value, (double From, double To) range) =>
        Math.Clamp((int)Math.Round((value - range.From) / (range.To - range.From) * Steps), 0, Steps);
}
