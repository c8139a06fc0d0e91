using static TorchSharp.torch;

namespace Course.Serving;

/// <summary>A tensor of a graph that is being written.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Sample">What it is for the sample input: shapes are read from it, and each step is checked on it.</param>
public sealed record OnnxValue(string Name, Tensor Sample);
