namespace Course.Jupyter.Messages;

/// <summary>
/// Remembers the signatures of the last messages, so that a recorded message cannot be sent again. It holds <paramref name="capacity"/>
/// of them; each is kept as the first half of its digest, which nobody can collide without the key.
/// </summary>
public sealed class ReplayGuard(int capacity = 1 << 18)
{
    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<UInt128> _order = new();
    private readonly Lock _lock = new();

    /// <returns>False when this signature was seen before.</returns>
    public bool Accept(ReadOnlySpan<byte> hexSignature)
    {
        var signature = UInt128.Parse(hexSignature[..32], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        lock (_lock)
        {
            if (!_seen.Add(signature))
                return false;
            _order.Enqueue(signature);
            if (_order.Count > capacity)
                _seen.Remove(_order.Dequeue());
            return true;
        }
    }
}
