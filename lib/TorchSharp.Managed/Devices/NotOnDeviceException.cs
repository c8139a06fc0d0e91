namespace TorchSharp;

/// <summary>A device's backend lacks an operation, or has it not for this type. Thrown before anything is touched: the host then does that call.</summary>
internal sealed class NotOnDeviceException(string operation, torch.ScalarType? type = null) : Exception($"{operation} is not there{(type is { } given ? $" for {given}" : "")} on this device")
{
    /// <summary>Whether it is this call's shape that no kernel walks: the next call may have one that a kernel does.</summary>
    internal bool IsOfShape { get; init; }
}
