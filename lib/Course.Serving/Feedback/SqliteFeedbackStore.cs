using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Course.Serving;

/// <summary>Feedback in a SQLite file: what <see cref="Append"/> acknowledged survives a crash of the process and of the machine.</summary>
public sealed class SqliteFeedbackStore : IFeedbackStore
{
    private const string Schema = """
        CREATE TABLE feedback (
            number INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL UNIQUE, version TEXT NOT NULL, answer TEXT NOT NULL,
            truth TEXT, time TEXT NOT NULL, input BLOB) STRICT;
        CREATE INDEX feedback_time ON feedback (time);
        """;

    private readonly Database _database;
    private readonly TimeProvider _time;

    /// <param name="path">The database's file; it appears with the first feedback.</param>
    /// <param name="time">The clock that stamps what arrives.</param>
    public SqliteFeedbackStore(string path, TimeProvider? time = null)
    {
        _database = new(path, "feedback store", applicationId: 0x43534642, Schema);   // "CSFB"
        _time = time ?? TimeProvider.System;
    }

    public bool Append(Feedback feedback)
    {
        foreach (var (field, value) in new[] { ("request id", feedback.RequestId), ("model version", feedback.ModelVersion), ("answer", feedback.Answer) })
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > 200)
                throw new ArgumentException($"The feedback's {field} must have 1 to 200 characters.", nameof(feedback));
        }
        if (feedback.Truth is { Length: 0 or > 200 })
            throw new ArgumentException("The feedback's truth must have 1 to 200 characters, or be null when it is not known.", nameof(feedback));
        return _database.Write(connection =>
        {
            // The time is taken inside the transaction: rows in the order of their numbers are in the order of arrival, too.
            Database.Execute(connection, "INSERT OR IGNORE INTO feedback (request, version, answer, truth, time, input) VALUES ($request, $version, $answer, $truth, $time, $input)",
                ("$request", feedback.RequestId), ("$version", feedback.ModelVersion), ("$answer", feedback.Answer), ("$truth", feedback.Truth),
                ("$time", Timestamps.Text(_time.GetUtcNow())), ("$input", feedback.Input is { } input ? MemoryMarshal.AsBytes<float>(input.ToArray()).ToArray() : null));
            return Database.Query(connection, "SELECT changes()", row => row.GetInt64(0))[0] == 1;
        });
    }

    public IReadOnlyList<Feedback> Read(DateTimeOffset from, DateTimeOffset until, string? modelVersion = null) => _database.Read([], connection =>
        Database.Query(connection,
            "SELECT request, version, answer, truth, time, input FROM feedback WHERE time >= $from AND time < $until AND ($version IS NULL OR version = $version) ORDER BY number",
            Entry, ("$from", Timestamps.Text(from)), ("$until", Timestamps.Text(until)), ("$version", modelVersion)));

    private static Feedback Entry(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), Timestamps.Parse(row.GetString(4)))
        {
            Input = row.IsDBNull(5) ? null : MemoryMarshal.Cast<byte, float>((byte[])row[5]).ToArray(),
        };
}
