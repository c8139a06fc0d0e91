using Course.Kernel.Jupyter.Front;
using Course.Kernel.Session;

// Started by a host only (see Host/SessionProcess); people use the `course` command.
return args switch
{
    ["session", var socketPath, var token] => SessionServer.Run(socketPath, token, ScriptCells.Start),
    ["jupyter", .. var arguments] => await KernelProgram.RunAsync(arguments),
    _ => WrongUse(),
};

static int WrongUse()
{
    Console.Error.WriteLine("Course.Kernel is started by the course command: dotnet run --project lib/Course.Cli -- --help");
    return 2;
}
