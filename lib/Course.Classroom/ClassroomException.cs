namespace Course.Classroom;

/// <summary>What was asked for cannot be done; the message names the file and says what to do.</summary>
public sealed class ClassroomException(string message, Exception? inner = null) : Exception(message, inner);
