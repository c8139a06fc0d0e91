using System.Runtime.InteropServices;
using System.Text;
using Course.Session.Contract;
using Course.Session.Contract.Protocol;

namespace Course.Session.Child;

/// <summary>
/// The session's side of its output: text goes to the process's own standard output and error, where native code
/// and child processes write too; everything else goes over the socket, behind a mark in both pipes.
/// </summary>
internal sealed class CellPipes(MessageChannel channel, string token)
{
    private readonly Lock _gate = new();
    private readonly Stream[] _pipes = [Console.OpenStandardOutput(), Console.OpenStandardError()];
    private int _lastWritten;
    private long _marks;

    public TextWriter Out => field ??= TextWriter.Synchronized(new PipeWriter(this, 0));
    public TextWriter Error => field ??= TextWriter.Synchronized(new PipeWriter(this, 1));

    /// <summary>Sends what <paramref name="message"/> makes of its mark, behind all text written so far.</summary>
    public void Publish(Func<long, Message> message)
    {
        lock (_gate)
            channel.Send(message(Mark(hasMessage: true)));
    }

    public void Publish(CellOutput output) => Publish(mark => new Output(output, mark));

    private void Write(int pipe, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            // Two pipes have no common order: a mark at each change between them gives them one.
            if (_lastWritten != pipe)
                Mark(hasMessage: false);
            _lastWritten = pipe;
            _pipes[pipe].Write(bytes);
        }
    }

    private long Mark(bool hasMessage)
    {
        NativeOutput.Flush();
        var mark = new OutputMark(++_marks, hasMessage);
        foreach (var pipe in _pipes)
            pipe.Write(mark.Bytes(token));
        return mark.Number;
    }

    private sealed class PipeWriter(CellPipes owner, int pipe) : TextWriter(null)
    {
        private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

        /// <summary>Keeps the first half of a character whose second half is still to be written.</summary>
        private readonly Encoder _encoder = Utf8.GetEncoder();

        public override Encoding Encoding => Utf8;

        /// <summary>At the end of a cell: a half that stayed alone is no character.</summary>
        public override void Flush()
        {
            Span<byte> bytes = stackalloc byte[8];
            if (_encoder.GetBytes([], bytes, flush: true) is > 0 and var count)
                owner.Write(pipe, bytes[..count]);
        }

        public override void Write(char value) => Write([value]);

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(string? value) => Write(value.AsSpan());

        public override void WriteLine(string? value) => Write(string.Concat(value, CoreNewLine));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            const int chunk = 8192;
            Span<byte> bytes = stackalloc byte[3 * Math.Min(chunk, buffer.Length) + 4];
            for (; buffer.Length > 0;)
            {
                int length = Math.Min(chunk, buffer.Length);
                if (_encoder.GetBytes(buffer[..length], bytes, flush: false) is > 0 and var count)
                    owner.Write(pipe, bytes[..count]);
                buffer = buffer[length..];
            }
        }
    }
}

/// <summary>The C library's own buffers, where <c>printf</c> of native code waits.</summary>
internal static partial class NativeOutput
{
    private static bool _unavailable;

    public static void Flush()
    {
        if (_unavailable)
            return;
        try
        {
            _ = OperatingSystem.IsWindows() ? FlushUcrt(0) : FlushLibc(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _unavailable = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "fflush")]
    private static partial int FlushLibc(nint stream);

    [LibraryImport("ucrtbase", EntryPoint = "fflush")]
    private static partial int FlushUcrt(nint stream);
}
