using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Commands
{
    /// <summary>What a kernel can be asked to do.</summary>
    public abstract class KernelCommand(string? targetKernelName)
    {
        public string? TargetKernelName { get; set; } = targetKernelName;
    }

    /// <summary>Runs code.</summary>
    public sealed class SubmitCode(string code, string? targetKernelName = null) : KernelCommand(targetKernelName)
    {
        public string Code { get; } = code;
    }

    /// <summary>Asks a front end for a new cell; those of Jupyter add none.</summary>
    public sealed class SendEditableCode(string kernelName, string code) : KernelCommand(kernelName)
    {
        public string KernelName { get; } = kernelName;

        public string Code { get; } = code;
    }
}

namespace Microsoft.DotNet.Interactive.Events
{
    /// <summary>Something that came of a command.</summary>
    public abstract class KernelEvent(KernelCommand command)
    {
        public KernelCommand Command { get; } = command;
    }

    public sealed class CommandSucceeded(KernelCommand command) : KernelEvent(command);

    public sealed class CommandFailed(string message, KernelCommand command, Exception? exception = null) : KernelEvent(command)
    {
        public string Message { get; } = message;

        public Exception? Exception { get; } = exception;
    }

    /// <summary>A value to show, with the MIME types that are wanted of it.</summary>
    public sealed class DisplayedValueProduced(object? value, KernelCommand command, IReadOnlyCollection<FormattedValue>? formattedValues = null) : KernelEvent(command)
    {
        public object? Value { get; } = value;

        public IReadOnlyCollection<FormattedValue> FormattedValues { get; } = formattedValues ?? [];
    }

    /// <summary>The code ended in a value.</summary>
    public sealed class ReturnValueProduced(object? value, KernelCommand command) : KernelEvent(command)
    {
        public object? Value { get; } = value;
    }
}

namespace Microsoft.DotNet.Interactive
{
    /// <summary>What came of a command, in order.</summary>
    public sealed class KernelCommandResult(KernelCommand command, IReadOnlyList<Events.KernelEvent> events)
    {
        public KernelCommand Command { get; } = command;

        public IReadOnlyList<Events.KernelEvent> Events { get; } = events;
    }
}
