using System.Globalization;
using System.Runtime.CompilerServices;

namespace Course.Kernel.Cells;

/// <summary>
/// What the code of cells calls at the start of every loop body and function, so that it can be stopped
/// without harm: one read of a flag, until somebody interrupts.
/// </summary>
/// <remarks>
/// An interruption belongs to one run of a cell: threads that it started carry its number with them and stop too,
/// while background work of earlier cells goes on.
/// </remarks>
public static class Guard
{
    private static volatile bool _armed;
    private static volatile int _interrupted;

    /// <summary>The 1-based line of the cell's statement that runs now.</summary>
    internal static int Line { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Loop()
    {
        if (_armed)
            Throw();
    }

    /// <summary>As <see cref="Loop"/>; and recursion without end becomes an exception before the stack is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Function()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (_armed)
            Throw();
    }

    /// <summary>The cultures that the cell set, for the cells behind it.</summary>
    internal static CultureInfo Culture { get; private set; } = CultureInfo.CurrentCulture;

    internal static CultureInfo UICulture { get; private set; } = CultureInfo.CurrentUICulture;

    /// <summary>Before each statement of a cell: where it is, should it never come back.</summary>
    public static void At(int line)
    {
        Line = line;
        NoteCulture();
        if (_armed)
            Throw();
    }

    /// <summary>Behind the last statement of a cell.</summary>
    public static void NoteCulture() => (Culture, UICulture) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);

    internal static void Enter(int run)
    {
        Line = 0;
        NoteCulture();
        Current.Run.Value = run;
        // Threads of an interrupted run get until the end of the next one to notice.
        if (run > _interrupted + 1)
            _armed = false;
    }

    internal static void Interrupt(int run)
    {
        _interrupted = run;
        _armed = true;
    }

    /// <summary>Apart, because a class without initialisers is checked faster.</summary>
    private static class Current
    {
        public static readonly AsyncLocal<int> Run = new();
    }

    private static void Throw()
    {
        if (Current.Run.Value == _interrupted)
            throw new CellInterruptedException();
    }
}

/// <summary>The cell was interrupted.</summary>
public sealed class CellInterruptedException() : OperationCanceledException("The cell was interrupted.");
