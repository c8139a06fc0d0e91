using static TorchSharp.torch;

namespace Course;

public sealed partial record LabelledPoints
{
    /// <summary>The points as a float32 tensor [count, coordinates].</summary>
    public Tensor X => tensor(Points.SelectMany(point => point).Select(value => (float)value).ToArray()).reshape(Count, Points[0].Length);

    /// <summary>The labels as an int64 tensor [count].</summary>
    public Tensor Y => tensor(Labels.Select(label => (long)label).ToArray());
}
