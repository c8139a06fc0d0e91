using Course.Kernel.Jupyter.Front;
using Course.Kernel.Session;

// Started by a host only (see Host/SessionProcess); people use the `course` command.
return args switch
{
    ["session", var socketPath, var token] => Session(socketPath, token),
    ["jupyter", .. var arguments] => await KernelProgram.RunAsync(arguments),
    _ => WrongUse(),
};

static int Session(string socketPath, string token)
{
    var references = WarmUp.Begin();
    return SessionServer.Run(socketPath, token, (pipes, input) => ScriptCells.Start(references.GetAwaiter().GetResult(), pipes, input));
}

static int WrongUse()
{
    Console.Error.WriteLine("Course.Kernel is started by the course command: dotnet run --project lib/Course.Cli -- --help");
    return 2;
}
