using System.CommandLine;

namespace Course.Cli.Commands;

/// <summary><c>course run</c>: executes notebooks headlessly.</summary>
static class RunCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("paths") { Description = "Notebooks or folders; none means the notebooks/ of this repository.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("run", "Execute notebooks and write executed copies and a report.\n\nExample: course run notebooks/03-linear-regression.ipynb --profile quick") { paths };
        command.SetAction((parsed, cancel) => Task.FromResult(ExitCode.OwnFault));
        return command;
    }
}
