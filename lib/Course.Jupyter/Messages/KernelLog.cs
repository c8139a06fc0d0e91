using System.Globalization;

namespace Course.Jupyter.Messages;

/// <summary>
/// Lines for whoever started the kernel, on standard error. A line that repeats is written ten times and then counted, and
/// there is a last line, so that nobody can fill a disk by sending garbage.
/// </summary>
public sealed class KernelLog(TextWriter writer, TimeProvider? clock = null)
{
    private const int Repeats = 10;
    private const int MaxDistinct = 1000;
    private const int MaxLines = 10_000;
    private readonly Dictionary<string, int> _counts = [];
    private int _lines;

    public void Write(string line)
    {
        lock (_counts)
        {
            int count = _counts[line] = _counts.GetValueOrDefault(line) + 1;
            if (_counts.Count > MaxDistinct)
                _counts.Clear();
            if (count > Repeats && !(count % 1000 == 0) || ++_lines > MaxLines)
                return;
            if (_lines == MaxLines)
                (line, count) = ("too many messages: this is the last one", 1);
            string note = count switch
            {
                Repeats => " (further ones are counted)",
                > Repeats => string.Create(CultureInfo.InvariantCulture, $" ({count} times)"),
                _ => "",
            };
            try
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[course kernel {(clock ?? TimeProvider.System).GetLocalNow():HH:mm:ss}] {line}{note}"));
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Whoever read our log has left.
            }
        }
    }
}
