namespace TorchSharp;

/// <summary>Addresses of a parameter, its gradient and what its optimiser keeps of it, contiguous and of one type; 0 where there is nothing.</summary>
/// <param name="First">First moment, or velocity.</param>
/// <param name="Second">Second moment.</param>
/// <param name="Largest">Largest second moment so far.</param>
/// <param name="Count">Elements of each.</param>
internal readonly record struct StepOperands(nint Parameter, nint Gradient, nint First, nint Second, nint Largest, long Count);
