namespace Course.Session.Host;

/// <summary>No session could be started.</summary>
public sealed class SessionStartException(string message, Exception? inner = null) : Exception(message, inner)
{
    internal const string Advice = "What is missing here: dotnet run --project lib/Course.Cli -- doctor";
}
