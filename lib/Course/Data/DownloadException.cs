namespace Course;

/// <summary>Why a mirror did not yield its file.</summary>
public enum DownloadFailure
{
    NoNetwork,
    HttpError,
    Stalled,
    Truncated,
    WebPage,
    Damaged,
    WrongContent,
    NoSpace,
    Busy,
}

/// <summary>A file could not be had; the message says why and what to do, and nothing is left on disk.</summary>
public sealed class DownloadException(DownloadFailure failure, string message, Exception? inner = null) : IOException(message, inner)
{
    public DownloadFailure Failure { get; } = failure;
}

/// <summary>How far a download is.</summary>
/// <param name="Total">Bytes to come in all as the server announces them, or null.</param>
public sealed record DownloadProgress(string File, long Received, long? Total);
