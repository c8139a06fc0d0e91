namespace Course.Jupyter.Front;

/// <summary>How much a cell may send to the front end, and how often.</summary>
public sealed record OutputPolicy
{
    /// <summary>Output that comes sooner after the last message waits for this long and is merged.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Characters of printed text that a cell shows; the rest goes to a file.</summary>
    public int StreamCharacters { get; init; } = 1 << 20;

    /// <summary>Characters of one displayed value; a longer one goes to a file.</summary>
    public int DisplayCharacters { get; init; } = 16 << 20;

    /// <summary>Values that a cell displays; further ones are counted.</summary>
    public int Displays { get; init; } = 2000;

    /// <summary>Bytes that a cell's file may take; what is beyond is only counted.</summary>
    public long FileBytes { get; init; } = 1L << 30;

    /// <summary>Where cells' files go; null for a folder that is made when the first one is needed and that only this user may enter.</summary>
    public string? Folder { get; init; }
}
