using System.Text.Json.Nodes;
using Course.Jupyter.Messages;

namespace Course.Jupyter.Tests;

public sealed class ConnectionFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("connection-").FullName;

    private string PathOf(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static JsonObject Valid() => new()
    {
        ["transport"] = "tcp",
        ["ip"] = "127.0.0.1",
        ["shell_port"] = 1,
        ["iopub_port"] = 2,
        ["stdin_port"] = 3,
        ["control_port"] = 4,
        ["hb_port"] = 5,
        ["key"] = "secret",
        ["signature_scheme"] = "hmac-sha256",
        ["kernel_name"] = ".net-csharp",
    };

    [Fact]
    public void Read_OfWhatWasWritten_GivesTheSame()
    {
        var connection = ConnectionFile.Create() with { ShellPort = 1, IOPubPort = 2, StdinPort = 3, ControlPort = 4, HeartbeatPort = 5, KernelName = "k" };
        connection.Write(PathOf("k.json"));
        Assert.Equal(connection, ConnectionFile.Read(PathOf("k.json"), allowRemote: false));
        Assert.Null(ConnectionFile.Warning(PathOf("k.json")));
        Assert.Equal(["k.json"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("transport", "ipc", "transport 'ipc'")]
    [InlineData("signature_scheme", "hmac-md5", "signature scheme 'hmac-md5'")]
    [InlineData("key", "", "key is empty")]
    [InlineData("ip", "0.0.0.0", "reachable from other machines")]
    [InlineData("ip", "kernel.example", "no IP address")]
    [InlineData("shell_port", "80", "'shell_port' is no port")]
    public void Read_OfAFileThatAsksTooMuch_SaysWhat(string field, string value, string reason)
    {
        var json = Valid();
        json[field] = value;
        File.WriteAllText(PathOf("k.json"), json.ToJsonString());
        var error = Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(PathOf("k.json"), allowRemote: false));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("k.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{\"transport\": \"tcp\"}", "lacks the text 'signature_scheme'")]
    [InlineData("{{{{{{{{{{", "not JSON")]
    public void Read_OfABrokenFile_SaysHow(string content, string reason)
    {
        File.WriteAllText(PathOf("k.json"), content);
        var error = Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(PathOf("k.json"), allowRemote: false));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfWhatIsNoFile_SaysSo()
    {
        Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(_folder, allowRemote: false));
        Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(PathOf("absent.json"), allowRemote: false));
        File.WriteAllBytes(PathOf("long.json"), new byte[100_000]);
        Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(PathOf("long.json"), allowRemote: false));
    }

    [Fact]
    public void Read_OfADeviceWithoutAnEnd_SaysThatItIsTooLong()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "this system has no /dev/zero");
        Assert.Contains("/dev/zero: it is", Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read("/dev/zero", allowRemote: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAPipeWithoutAWriter_DoesNotWaitForEver()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "/usr/bin/mkfifo does not exist");
        using (var made = System.Diagnostics.Process.Start("/usr/bin/mkfifo", [PathOf("pipe")]))
            made.WaitForExit();
        Assert.Contains("not a regular file", Assert.Throws<ConnectionFileException>(() => ConnectionFile.Read(PathOf("pipe"), allowRemote: false)).Message, StringComparison.Ordinal);
        // Lets the opening that waits come to its end.
        using var writer = new FileStream(PathOf("pipe"), FileMode.Open, FileAccess.Write);
    }

    [Fact]
    public void Warning_OfAFileThatOthersCanRead_SaysHowToMendIt()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions");
            return;
        }
        File.WriteAllText(PathOf("k.json"), Valid().ToJsonString());
        File.SetUnixFileMode(PathOf("k.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains($"chmod 600 {PathOf("k.json")}", ConnectionFile.Warning(PathOf("k.json")), StringComparison.Ordinal);
        File.SetUnixFileMode(PathOf("k.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Null(ConnectionFile.Warning(PathOf("k.json")));
    }

    [Fact]
    public void Write_WhereNothingCanBeWritten_SaysSo()
    {
        File.WriteAllText(PathOf("file"), "");
        Assert.Contains("cannot be written", Assert.Throws<ConnectionFileException>(() => ConnectionFile.Create().Write(PathOf("file/k.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithRemoteAllowed_TakesAnyAddress()
    {
        var json = Valid();
        json["ip"] = "0.0.0.0";
        File.WriteAllText(PathOf("k.json"), json.ToJsonString());
        Assert.Equal("0.0.0.0", ConnectionFile.Read(PathOf("k.json"), allowRemote: true).Address.ToString());
    }
}
