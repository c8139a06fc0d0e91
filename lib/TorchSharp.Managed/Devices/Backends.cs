namespace TorchSharp;

/// <summary>The device on which operations run.</summary>
internal static class Backends
{
    internal static readonly IBackend Cpu = new SinglePrecision(new Cpu.CpuBackend());
}
