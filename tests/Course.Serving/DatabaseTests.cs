namespace Course.Serving.Tests;

public sealed class DatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("database").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Database Open() => new(Path.Combine(_folder, "numbers.db"), "list of numbers", applicationId: 1, "CREATE TABLE number (value INTEGER) STRICT;");

    private static int Add(Database database, int value, TimeSpan time) => database.Write(connection =>
    {
        Database.Execute(connection, "INSERT INTO number (value) VALUES ($value)", ("$value", value));
        Thread.Sleep(time);
        return value;
    });

    /// <summary>As on a slow disk: the other lets go for an instant between two long transactions.</summary>
    [Fact]
    public async Task Write_BesideOneThatWritesWithoutAPause_HasItsTurn()
    {
        Add(Open(), 0, TimeSpan.Zero);
        bool ends = false;
        var greedy = Task.Run(() =>
        {
            var database = Open();
            while (!Volatile.Read(ref ends))
                Add(database, 1, TimeSpan.FromMilliseconds(100));
        });
        try
        {
            for (int i = 0; i < 10; i++)
                Assert.Equal(2, Add(Open(), 2, TimeSpan.Zero));
        }
        finally
        {
            Volatile.Write(ref ends, true);
            await greedy;
        }

        var values = Open().Read([], connection => Database.Query(connection, "SELECT value FROM number", row => row.GetInt32(0)));
        Assert.Equal(10, values.Count(value => value == 2));
    }
}
