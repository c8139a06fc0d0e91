namespace Course.Serving;

/// <summary>A network that cannot be written as ONNX. The message names the module, its place in the network, and what to do.</summary>
public sealed class OnnxExportException(string message) : NotSupportedException(message);
