using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Course.Base;

/// <summary>Runs a program to its end and takes what it prints. Programs that stay and are talked to are started by those who talk to them.</summary>
internal static class ProcessRun
{
    /// <param name="ExitCode">0 when it did what it was asked.</param>
    internal readonly record struct Result(int ExitCode, string Output, string Error);

    /// <param name="input">Written to its standard input, which is then closed; null leaves it ours.</param>
    /// <param name="folder">Its working folder; null is ours.</param>
    /// <param name="environment">Set beside what it inherits; null removes a variable.</param>
    /// <param name="cancel">Ends the program with all that it started.</param>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<Result> ToEndAsync(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null, string? input = null, CancellationToken cancel = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = input is not null,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = input is null ? null : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            // Both pipes are read at once: a program that fills one of them waits for its reader.
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            if (input is not null)
                await WriteAsync(process, input, cancel).ConfigureAwait(false);
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
            return new(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            throw;
        }
    }

    /// <summary>Ends a process with all that it started; one that has ended already is no error.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is gone already.
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything; its exit code and its own message say why.
        }
    }
}
