namespace Course;

/// <summary>Why an artefact was refused.</summary>
public enum ArtefactFault
{
    /// <summary>The file does not start like an artefact at all.</summary>
    NotAnArtefact,

    /// <summary>Written by a newer version of this library.</summary>
    NewerFormat,

    /// <summary>More bytes than any artefact has; the file was not read.</summary>
    TooLarge,

    /// <summary>The file ends too early (or has bytes after its end).</summary>
    WrongLength,

    /// <summary>The checksum does not match: some byte was changed.</summary>
    Damaged,

    /// <summary>The checksum matches, but the content contradicts itself.</summary>
    Inconsistent,

    /// <summary>A sound artefact, but of another model than the one it is loaded into.</summary>
    Mismatch,

    /// <summary>The weights fit, but the golden inputs are answered otherwise than when the model was saved.</summary>
    WrongAnswers,
}

/// <summary>An artefact that cannot be used. The message names the file, what was expected and what was found.</summary>
public sealed class ArtefactException(ArtefactFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public ArtefactFault Fault { get; } = fault;
}
