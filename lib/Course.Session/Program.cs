using Course.Session.Child;

// Started by a host only (see Host/SessionProcess); people use the `course` command.
if (args is ["session", var socketPath, var token])
{
    var references = WarmUp.Begin();
    return SessionServer.Run(socketPath, token, (pipes, input) => ScriptCells.Start(references.GetAwaiter().GetResult(), pipes, input));
}
Console.Error.WriteLine("Course.Session is started by the course command: dotnet run --project lib/Course.Cli -- --help");
return 2;
