using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Course.Serving;

/// <summary>
/// One SQLite file that survives crashes and serves many processes. A rollback journal rather than a write-ahead log, because it can
/// be read from a read-only disk, too; "extra" synchronisation, so that a commit that returned is on the disk together with the
/// folder's entry (https://www.sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
/// <param name="path">The file; it appears with the first write.</param>
/// <param name="kind">What it holds, for messages, for example "registry".</param>
/// <param name="applicationId">Marks the file as ours.</param>
/// <param name="schema">Creates the tables of this format.</param>
internal sealed class Database(string path, string kind, int applicationId, string schema)
{
    /// <summary>Ends the names of files that are not complete; a writer that holds the database may delete them.</summary>
    public const string Unfinished = ".adding";

    private const int FormatVersion = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Codes of https://www.sqlite.org/rescode.html.
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    private volatile bool _checked;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Reads; gives <paramref name="none"/> when nothing was ever written.</summary>
    /// <exception cref="StoreException"/>
    public T Read<T>(T none, Func<SqliteConnection, T> read) => Guarded(() =>
    {
        if (!File.Exists(Path))
            return none;
        using var connection = Open(Path, SqliteOpenMode.ReadWrite);
        CheckFormat(connection);
        return read(connection);
    });

    /// <summary>Writes in one transaction that excludes all other writers; it happens whole or, when anything throws, not at all.</summary>
    /// <exception cref="StoreException"/>
    public T Write<T>(Func<SqliteConnection, T> write) => Guarded(() =>
    {
        if (Directory.Exists(Path))
            throw new StoreException(StoreFault.Unreadable, $"'{Path}' is a folder; the {kind} needs a file of that name. Name another place, or move the folder away.");
        if (!File.Exists(Path))
            Create();
        using var connection = Open(Path, SqliteOpenMode.ReadWrite);
        Begin(connection);
        CheckFormat(connection);
        var result = write(connection);
        Execute(connection, "COMMIT");
        return result;
    });

    /// <summary>
    /// Excludes all other writers; the transaction that this begins is rolled back when the connection closes before its end. SQLite
    /// itself waits by asking ever more rarely, ten times a second in the end: a process that writes without a pause to a slow disk lets
    /// go for less than a thousandth of the time, and who asks so rarely does not meet it.
    /// </summary>
    private static void Begin(SqliteConnection connection)
    {
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        long start = Stopwatch.GetTimestamp();
        int code;
        while ((code = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE")) is Busy or Locked && Stopwatch.GetElapsedTime(start) < Patience)
            Thread.Sleep(Random.Shared.Next(1, 4));
        SqliteException.ThrowExceptionForRC(code, connection.Handle);
        raw.sqlite3_busy_timeout(connection.Handle, (int)Patience.TotalMilliseconds);
    }

    /// <summary>Made elsewhere and then named, so that a database that can be found has its tables: an empty one is a damaged one.</summary>
    private void Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        string temporary = $"{Path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            using (var connection = Open(temporary, SqliteOpenMode.ReadWriteCreate))
            {
                Execute(connection, $"BEGIN; {schema} PRAGMA application_id = {applicationId}; PRAGMA user_version = {FormatVersion}; COMMIT;");
            }
            File.Move(temporary, Path, overwrite: false);
        }
        catch (Exception fault) when (fault is SqliteException or IOException && File.Exists(Path))
        {
            // Another process was faster, and may have swept our half-made one away.
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // Pooling would keep handles of folders that are about to be deleted.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)Patience.TotalSeconds,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {(int)Patience.TotalMilliseconds}; PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CheckFormat(SqliteConnection connection)
    {
        long id = Number(connection, "PRAGMA application_id"), version = Number(connection, "PRAGMA user_version");
        if (id != applicationId)
        {
            if (id == 0 && version == 0 && Number(connection, "SELECT count(*) FROM sqlite_master") == 0)
                throw Damaged("it is empty");
            throw new StoreException(StoreFault.Foreign, $"'{Path}' is a database, but not a {kind} of this course. Name another folder, or move the file away.");
        }
        if (version > FormatVersion)
            throw new StoreException(StoreFault.NewerFormat, $"The {kind} '{Path}' has format {version}; this library knows formats up to {FormatVersion}. Update the library.");
        if (!_checked && Text(connection, "PRAGMA quick_check(1)") is { } answer && answer != "ok")
            throw Damaged(answer);
        _checked = true;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException fault)
        {
            throw Explain(fault);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new StoreException(StoreFault.ReadOnly, $"The {kind} '{Path}' cannot be written: {fault.Message} Nothing was changed.", fault);
        }
        catch (IOException fault) when (fault is not StoreException and not FileNotFoundException && DiskFault(fault) is { } why)
        {
            throw new StoreException(why, why == StoreFault.Full ? FullMessage : ReadOnlyMessage, fault);
        }
    }

    private string FullMessage => $"The {kind} '{Path}' could not be written: no space is left on its disk. Nothing was changed; make room and try again.";

    private string ReadOnlyMessage => $"The {kind} '{Path}' cannot be written: its disk or folder is read-only. Nothing was changed; what is there can still be read.";

    /// <summary>ENOSPC, EDQUOT and ERROR_DISK_FULL; EROFS and ERROR_WRITE_PROTECT.</summary>
    private static StoreFault? DiskFault(IOException fault) => (fault.HResult & 0xffff) switch
    {
        28 or 122 or 0x70 or 0x27 => StoreFault.Full,
        30 or 0x13 => StoreFault.ReadOnly,
        _ => null,
    };

    private StoreException Explain(SqliteException fault) => fault.SqliteErrorCode switch
    {
        NotADatabase => new(StoreFault.Foreign, $"'{Path}' is no {kind}: it does not begin like a database. {Cure}", fault),
        Corrupt => Damaged(fault.Message, fault),
        ReadOnly => new(StoreFault.ReadOnly, ReadOnlyMessage, fault),
        Full => new(StoreFault.Full, FullMessage, fault),
        Busy or Locked => new(StoreFault.Busy, $"The {kind} '{Path}' is held by another process for more than {Patience.TotalSeconds:F0} seconds. Nothing was changed; try again.", fault),
        // On a read-only disk SQLite cannot make its journal, and calls that "unable to open".
        CannotOpen when File.Exists(Path) => new(StoreFault.ReadOnly, ReadOnlyMessage, fault),
        CannotOpen => new(StoreFault.Unreadable, $"The {kind} '{Path}' cannot be opened or made. Does its folder exist, is the path a file, and may it be written?", fault),
        IoError => new(StoreFault.Unreadable, $"The {kind} '{Path}' cannot be read or written: {fault.Message} Nothing was changed.", fault),
        _ => new(StoreFault.Unreadable, $"The {kind} '{Path}': {fault.Message}", fault),
    };

    private StoreException Damaged(string how, Exception? inner = null) =>
        new(StoreFault.Damaged, $"The {kind} '{Path}' is damaged ({how}). {Cure}", inner);

    private string Cure => "Restore it from a copy, or move it away and begin a new one; the files beside it are untouched.";

    public static void Execute(SqliteConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    public static List<T> Query<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static long Number(SqliteConnection connection, string sql) => Query(connection, sql, row => row.GetInt64(0))[0];

    private static string Text(SqliteConnection connection, string sql) => Query(connection, sql, row => row.GetString(0))[0];
}
