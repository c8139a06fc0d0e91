using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Course.Base;

namespace Course.Jupyter.Messages;

/// <summary>The connection file cannot be used; the message says what is wrong with it.</summary>
public sealed class ConnectionFileException(string path, string problem) : Exception($"Connection file {path}: {problem}");

/// <summary>Where a kernel listens and the key that signs its messages, as Jupyter writes them into a connection file.</summary>
public sealed record ConnectionFile
{
    private const int MaxBytes = 64 << 10;
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(5);

    public required IPAddress Address { get; init; }
    public int ShellPort { get; init; }
    public int IOPubPort { get; init; }
    public int StdinPort { get; init; }
    public int ControlPort { get; init; }
    public int HeartbeatPort { get; init; }
    public required string Key { get; init; }
    public string? KernelName { get; init; }

    /// <summary>A connection on this machine with a fresh key, whose ports the kernel chooses.</summary>
    public static ConnectionFile Create() => new() { Address = IPAddress.Loopback, Key = RandomNumberGenerator.GetHexString(64, lowercase: true) };

    /// <summary>Reads a connection file; another address than loopback needs <paramref name="allowRemote"/>.</summary>
    /// <exception cref="ConnectionFileException">The file is missing, malformed, or asks for what this kernel refuses.</exception>
    public static ConnectionFile Read(string path, bool allowRemote)
    {
        JsonElement root;
        try
        {
            byte[] content = Content(path);
            JsonStrings.Check(content);
            using var document = JsonDocument.Parse(content, new() { MaxDepth = 8 });
            root = document.RootElement.Clone();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Problem($"it cannot be read: {e.Message} Jupyter writes it and names it when it starts the kernel");
        }
        catch (JsonException e)
        {
            throw Problem($"it is not JSON: {e.Message}");
        }
        if (root.ValueKind != JsonValueKind.Object)
            throw Problem("it holds no JSON object");
        if (Text("transport") is var transport && transport != "tcp")
            throw Problem($"transport '{transport}' is not supported, expected tcp");
        if (Text("signature_scheme") is var scheme && scheme != "hmac-sha256")
            throw Problem($"signature scheme '{scheme}' is not supported, expected hmac-sha256");
        if (Text("key") is not { Length: > 0 } key)
            throw Problem("its key is empty, so anybody on this machine could run code; expected a secret text");
        var address = Address(Text("ip"));
        if (!IPAddress.IsLoopback(address) && !allowRemote)
            throw Problem($"address {address} is reachable from other machines; pass --allow-remote if you mean that");
        return new()
        {
            Address = address,
            Key = key,
            ShellPort = Port("shell_port"),
            IOPubPort = Port("iopub_port"),
            StdinPort = Port("stdin_port"),
            ControlPort = Port("control_port"),
            HeartbeatPort = Port("hb_port"),
            KernelName = root.TryGetProperty("kernel_name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null,
        };

        ConnectionFileException Problem(string problem) => new(path, problem);

        string Text(string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Problem($"it lacks the text '{name}'; give the file that Jupyter wrote");

        int Port(string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int port) && port is >= 0 and <= 65535
                ? port
                : throw Problem($"'{name}' is no port number, expected 0 to 65535");

        IPAddress Address(string text) => text switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.Any,
            _ => IPAddress.TryParse(text, out var address) ? address : throw Problem($"'{text}' is no IP address, expected one such as 127.0.0.1"),
        };
    }

    /// <summary>The bytes of a small regular file; a pipe or a device could make us wait or read for ever.</summary>
    private static byte[] Content(string path)
    {
        if ((File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.Device)) != 0)
            throw new ConnectionFileException(path, "it is not a regular file");
        // Opening a pipe waits for a writer, and nothing tells beforehand that it is one.
        var opening = Task.Run(() => File.OpenRead(path));
        if (Task.WaitAny([opening], LongestOpening) < 0)
            throw new ConnectionFileException(path, "it is not a regular file: nothing comes from it");
        using var file = opening.GetAwaiter().GetResult();
        if (!file.CanSeek)
            throw new ConnectionFileException(path, "it is not a regular file");
        byte[] content = new byte[MaxBytes + 1];
        int length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return length <= MaxBytes ? content[..length] : throw new ConnectionFileException(path, $"it is longer than {MaxBytes} bytes");
    }

    /// <summary>Writes the file so that only its owner can read it and no reader ever sees half of it; makes its folder if need be.</summary>
    /// <exception cref="ConnectionFileException">It cannot be written.</exception>
    public void Write(string path)
    {
        var json = new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = Address.ToString(),
            ["shell_port"] = ShellPort,
            ["iopub_port"] = IOPubPort,
            ["stdin_port"] = StdinPort,
            ["control_port"] = ControlPort,
            ["hb_port"] = HeartbeatPort,
            ["key"] = Key,
            ["signature_scheme"] = "hmac-sha256",
            ["kernel_name"] = KernelName ?? "",
        };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        path = Path.GetFullPath(path);
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var writer = new StreamWriter(temporary, options))
                writer.Write(json.ToJsonString(new() { WriteIndented = true }));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConnectionFileException(path, $"it cannot be written: {e.Message}");
        }
    }

    /// <returns>Null, or a sentence about who else can read or change the file.</returns>
    public static string? Warning(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        try
        {
            return (File.GetUnixFileMode(path) & Others) == 0
                ? null
                : $"Other users can read or change {path} and so run code as you. Take that from them: chmod 600 {path}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever wrote it has removed it meanwhile.
            return null;
        }
    }
}
