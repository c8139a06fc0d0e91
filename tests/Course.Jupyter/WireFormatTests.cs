using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Course.Jupyter.Messages;

namespace Course.Jupyter.Tests;

public class WireFormatTests
{
    private readonly ConcurrentQueue<string> _log = new();

    private WireFormat Kernel(string key = "a key") => new(key, _log.Enqueue);

    private static IReadOnlyList<byte[]> Message(string key = "a key") =>
        new WireFormat(key).Build("execute_request", new() { ["code"] = "1 + 1 // é 🙂" }, buffers: [[1, 2, 3]]);

    [Fact]
    public void Log_OfTheSameLineOrOfEverNewOnes_IsBounded()
    {
        using var same = new StringWriter();
        var log = new KernelLog(same);
        for (int i = 0; i < 5000; i++)
            log.Write("ignored a message");
        Assert.Equal(10 + 5, same.ToString().Count(c => c == '\n'));

        using var different = new StringWriter();
        log = new KernelLog(different);
        for (int i = 0; i < 50_000; i++)
            log.Write($"ignored message {i}");
        Assert.Equal(10_000, different.ToString().Count(c => c == '\n'));
        Assert.EndsWith("this is the last one", different.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfASignedMessage_GivesItsParts()
    {
        var message = Kernel().Parse([7], [[9, 9], .. Message()]);

        Assert.NotNull(message);
        Assert.Equal("execute_request", message.Type);
        Assert.Equal("1 + 1 // é 🙂", message.Content.Text("code"));
        Assert.Equal([7], message.Identity);
        Assert.Equal([1, 2, 3], Assert.Single(message.Buffers));
    }

    [Fact]
    public void Parse_OfAMessageWithAnotherKey_IsSilentAndLogs()
    {
        Assert.Null(Kernel().Parse([], Message("another key")));
        Assert.Contains(_log, line => line.Contains("signature is wrong", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Parse_OfAMessageWithOneChangedByte_IsSilent(int frame)
    {
        byte[][] frames = Message().Select(f => (byte[])f.Clone()).ToArray();
        frames[frame][0] ^= 1;
        Assert.Null(Kernel().Parse([], frames));
        Assert.NotEmpty(_log);
    }

    [Fact]
    public void Parse_OfAMessageSignedByAnotherScheme_OrNotAtAll_IsSilent()
    {
        byte[][] frames = Message().ToArray();
        byte[] signed = frames[2..6].SelectMany(frame => frame).ToArray();
#pragma warning disable CA5350 // A weak scheme is what must be refused.
        byte[][] signatures = [Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA1.HashData("a key"u8, signed))), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA512.HashData("a key"u8, signed))), []];
#pragma warning restore CA5350
        foreach (byte[] signature in signatures)
            Assert.Null(Kernel().Parse([], [.. frames[..1], signature, .. frames[2..]]));
        Assert.Equal(3, _log.Count(line => line.Contains("signature is wrong", StringComparison.Ordinal)));
    }

    [Fact]
    public void Parse_OfAMessageSentTwice_RefusesTheSecond()
    {
        var kernel = Kernel();
        var message = Message();
        Assert.NotNull(kernel.Parse([], message));
        Assert.Null(kernel.Parse([], message));
        Assert.Contains(_log, line => line.Contains("sent before", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_OfGarbage_IsSilent()
    {
        var signer = new MessageSigner("a key");
        byte[] delimiter = Encoding.ASCII.GetBytes("<IDS|MSG>"), json = Encoding.ASCII.GetBytes("{}"), broken = Encoding.ASCII.GetBytes("{\"a\":");
        IReadOnlyList<byte[]>[] garbage =
        [
            [],
            [[]],
            [delimiter],
            [delimiter, [], json, json, json, json],
            [delimiter, signer.Sign(broken, json, json, json), broken, json, json, json],
            [delimiter, signer.Sign(json, json, json, json), json, json, json, json],
            [delimiter, signer.Sign(json, json, json, broken), json, json, json, broken],
        ];
        Assert.All(garbage, frames => Assert.Null(Kernel().Parse([], frames)));
        Assert.Equal(garbage.Length, _log.Count);
    }

    [Fact]
    public void Build_WithTextThatIsNotUnicode_StaysReadable()
    {
        Assert.Equal("a\uFFFDb", WireFormat.Text("a\ud83db"));
        Assert.Equal("a🙂b", WireFormat.Text("a🙂b"));
        var message = Kernel().Parse([], new WireFormat("a key").Build("stream", new() { ["text"] = "half \ude00" }));
        Assert.Equal("half \uFFFD", message!.Content.Text("text"));
    }

    [Fact]
    public void ReplayGuard_BeyondItsCapacity_ForgetsTheOldest()
    {
        var guard = new ReplayGuard(capacity: 2);
        byte[] Signature(int n) => Encoding.ASCII.GetBytes(n.ToString("x64", System.Globalization.CultureInfo.InvariantCulture).PadLeft(64, '0').Insert(0, n.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(guard.Accept(Signature(1)));
        Assert.True(guard.Accept(Signature(2)));
        Assert.False(guard.Accept(Signature(1)));
        Assert.True(guard.Accept(Signature(3)));
        Assert.True(guard.Accept(Signature(1)));
    }

    [Fact]
    public void Log_OfARepeatedLine_IsCountedNotRepeated()
    {
        var writer = new StringWriter();
        var log = new KernelLog(writer);
        for (int i = 0; i < 2000; i++)
            log.Write("the same");
        Assert.Equal(12, writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
