using Course.Session.Contract;

namespace Course.Jupyter.Front;

/// <summary>What the Jupyter front needs beside its connection.</summary>
public sealed record KernelOptions
{
    public required Func<CancellationToken, Task<ISession>> StartSession { get; init; }

    /// <summary>How long an interrupted cell may go on before its session is ended.</summary>
    public TimeSpan InterruptGrace { get; init; } = TimeSpan.FromSeconds(5);

    public OutputPolicy Output { get; init; } = new();

    public TextWriter Log { get; init; } = Console.Error;

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
