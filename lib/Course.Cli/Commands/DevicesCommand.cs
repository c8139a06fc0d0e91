using System.CommandLine;
using Course.Cli.Bench;
using static TorchSharp.torch;

namespace Course.Cli.Commands;

/// <summary><c>course devices</c>: where the engine of this build computes.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var wanted = new Argument<string?>("device") { Description = "Only this one, which has to be there: cpu, cuda or opencl.", Arity = ArgumentArity.ZeroOrOne };
        wanted.AcceptOnlyFromAmong(BenchDevice.Names);
        var command = new Command("devices", "List where the engine computes, a line each, and why not elsewhere; exit code 1 when the device that is asked for is not there.\n\nExample: course devices cuda") { wanted };
        command.SetAction(parsed =>
        {
            string? only = parsed.GetValue(wanted);
            int code = ExitCode.Done;
            foreach (string name in only is null ? BenchDevice.Names : [only])
                try
                {
                    BenchDevice.Use(name);
                    Console.Out.WriteLine(Course.Run.Describe(get_default_device()));
                }
                catch (UnavailableException e)
                {
                    Console.Error.WriteLine($"course: {e.Message}");
                    code = only is null ? code : ExitCode.Failed;
                }
            return code;
        });
        return command;
    }
}
