namespace Course.Jupyter.Zmtp;

/// <summary>The peer broke the protocol or a limit; its connection is closed and nothing else is affected.</summary>
public sealed class ZmtpException(string message) : IOException(message);
