using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Course.Notebooks;

namespace Course.Cli;

/// <summary>What every command shares: exit codes, errors on stderr, Ctrl-C.</summary>
internal static class CommandLineHost
{
    private const string Program = "course";

    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        // Numbers are printed the same everywhere.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (Console.IsOutputRedirected)
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // An unknown command's name is also told as a missing command, which helps nobody.
            bool unknown = parsed.Errors.Any(error => error.SymbolResult is null or CommandResult && parsed.UnmatchedTokens.Count > 0);
            foreach (var error in parsed.Errors.Where(error => !unknown || !error.Message.StartsWith("Required command", StringComparison.Ordinal)))
                Console.Error.WriteLine($"course: {Explain(error)}");
            Console.Error.WriteLine($"Try: {Words(parsed.CommandResult)} --help");
            return ExitCode.WrongUse;
        }
        // Help and version are all that the library itself prints; there the program has the name of its file.
        using var output = new StringWriter();
        using var hangUp = new CancellationTokenSource();
        using var signal = HangUpIsIgnored() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            hangUp.Cancel();
        });
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = output,
                // Long enough to write the report of what is done; the work itself stops at once.
                ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
            }, hangUp.Token);
        }
        catch (Exception e) when (e is WrongUseException or NotebookPathException)
        {
            Console.Error.WriteLine($"course: {e.Message}");
            return ExitCode.WrongUse;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"course: a fault of our own, please report it.\n{e}");
            return ExitCode.OwnFault;
        }
        finally
        {
            Console.Out.Write(output.ToString().Replace($"  {RootCommand.ExecutableName} ", $"  {Program} ", StringComparison.Ordinal));
        }
    }

    /// <summary>Under nohup a closed terminal ends nothing. SIGHUP is bit 0 of the mask of ignored signals in proc(5).</summary>
    private static bool HangUpIsIgnored()
    {
        const string status = "/proc/self/status", name = "SigIgn:";
        return File.Exists(status) && File.ReadLines(status).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
            && (Convert.ToUInt64(line[name.Length..].Trim(), 16) & 1) != 0;
    }

    /// <summary>The words that lead to a command, such as <c>course data get</c>.</summary>
    private static string Words(CommandResult result) => result.Parent is CommandResult parent ? $"{Words(parent)} {result.Command.Name}" : Program;

    /// <summary>The library's message, on one line and without names of .NET types.</summary>
    private static string Explain(ParseError error)
    {
        string message = string.Join(' ', error.Message.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        if (error.SymbolResult is not OptionResult { Tokens: [var token, ..] } result)
            return message;
        var option = result.Option;
        if (message.Contains("'System.", StringComparison.Ordinal))
            return $"{option.Name} takes {Kind(Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType)}, not '{token.Value}'.";
        return message.Contains(option.Name, StringComparison.Ordinal) ? message : $"{option.Name}: {message}";
    }

    private static string Kind(Type type) => type.GetElementType() is { } element ? Kind(element) : type == typeof(int) ? "a whole number" : type == typeof(double) ? "a number" : "a path";
}
