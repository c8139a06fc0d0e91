using Course.Interactive;
using Course.Kernel.Session;

// Started by a host only (see Course.Kernel's Host/SessionProcess): course run --kernel dotnet-interactive.
if (args is ["session", var socketPath, var token])
    return SessionServer.Run(socketPath, token, InteractiveCells.Start);
Console.Error.WriteLine("Course.Interactive is started by: course run --kernel dotnet-interactive");
return 2;
