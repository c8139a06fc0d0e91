namespace Course.Serving;

/// <summary>Why a store (the registry, the feedback) could not be read or written.</summary>
public enum StoreFault
{
    /// <summary>The file is no database of this kind.</summary>
    Foreign,

    /// <summary>Written by a newer version of this library.</summary>
    NewerFormat,

    /// <summary>The database contradicts itself: it was cut off or overwritten.</summary>
    Damaged,

    /// <summary>Nothing may be written there.</summary>
    ReadOnly,

    /// <summary>No space is left; nothing of what was asked has happened.</summary>
    Full,

    /// <summary>Other processes hold it for too long.</summary>
    Busy,

    /// <summary>The operating system refuses to open or read it.</summary>
    Unreadable,
}

/// <summary>A store that cannot be used. The message names the file, what is wrong and what to do; what was acknowledged is kept.</summary>
public sealed class StoreException(StoreFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public StoreFault Fault { get; } = fault;
}
