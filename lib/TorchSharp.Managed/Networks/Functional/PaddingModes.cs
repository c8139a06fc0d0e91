namespace TorchSharp;

/// <summary>Padding of a convolution by name: so that the size stays, or none.</summary>
public enum Padding
{
    Valid = 0,
    Same = 1,
}

/// <summary>What lies beyond the edge.</summary>
public enum PaddingModes
{
    Zeros = 0,
    Reflect = 1,
    Replicate = 2,
    Circular = 3,
    Constant = 4,
}
