using Course.Interactive;
using Course.Session.Child;

// Started by a host only (see Host/SessionProcess of Course.Session): course run --kernel dotnet-interactive.
if (args is ["session", var socketPath, var token])
    return SessionServer.Run(socketPath, token, InteractiveCells.Start);
Console.Error.WriteLine("Course.Interactive is started by: course run --kernel dotnet-interactive");
return 2;
