namespace TorchSharp;

/// <summary>Addresses of a parameter, its gradient and what its optimiser keeps of it, contiguous and of one type; 0 where there is nothing.</summary>
/// <param name="First">First moment (Adam), velocity (gradient descent) or mean square (RMSProp).</param>
/// <param name="Second">Second moment (Adam) or mean gradient (RMSProp, centred).</param>
/// <param name="Third">Largest second moment so far (Adam) or velocity (RMSProp).</param>
/// <param name="Count">Elements of each.</param>
internal readonly record struct StepOperands(nint Parameter, nint Gradient, nint First, nint Second, nint Third, long Count);
