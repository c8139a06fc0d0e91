namespace Course;

/// <summary>A Huffman code of a JPEG file as a look-up by code length (T.81, annex F.2.2.3).</summary>
internal sealed class JpegHuffman
{
    private readonly int[] _largest = new int[17]; // the largest code of each length, −1 when there is none
    private readonly int[] _offset = new int[17];
    private readonly byte[] _symbols;

    public JpegHuffman(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        _symbols = symbols.ToArray();
        var (code, index) = (0, 0);
        for (int length = 1; length <= 16; length++)
        {
            _offset[length] = index - code;
            code += counts[length - 1];
            index += counts[length - 1];
            _largest[length] = counts[length - 1] == 0 ? -1 : code - 1;
            if (code > 1 << length)
                throw new InvalidDataException("damaged JPEG: Huffman table");
            code <<= 1;
        }
    }

    public byte Next(ref JpegBits bits)
    {
        int code = 0;
        for (int length = 1; length <= 16; length++)
        {
            code = (code << 1) | bits.Next();
            if (code <= _largest[length])
                return _symbols[code + _offset[length]];
        }
        throw new InvalidDataException("damaged JPEG: a code that no table has");
    }
}

/// <summary>The bits of a scan: ff 00 stands for ff, any other marker ends the data.</summary>
internal ref struct JpegBits(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _buffer, _left;

    public int Position { get; private set; }

    public int Next()
    {
        if (_left == 0)
        {
            if (Position >= _data.Length)
                throw Jpeg.Truncated();
            _buffer = _data[Position++];
            if (_buffer == 0xff)
            {
                if (Position >= _data.Length)
                    throw Jpeg.Truncated();
                if (_data[Position++] != 0)
                    throw new InvalidDataException("damaged JPEG: the pixels end too early");
            }
            _left = 8;
        }
        return (_buffer >> --_left) & 1;
    }

    /// <summary>A number of <paramref name="size"/> bits, negative when its first bit is 0 (T.81, F.2.2.1).</summary>
    public int NextNumber(int size)
    {
        if (size == 0)
            return 0;
        if (size > 15)
            throw new InvalidDataException("damaged JPEG: a coefficient of more than 15 bits");
        int value = 0;
        for (int i = 0; i < size; i++)
            value = (value << 1) | Next();
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /// <summary>Drops the rest of the byte and passes the restart marker that must follow.</summary>
    public void Restart()
    {
        _left = 0;
        while (Position + 1 < _data.Length && _data[Position] == 0xff && _data[Position + 1] == 0xff)
            Position++;
        if (Position + 2 > _data.Length)
            throw Jpeg.Truncated();
        if (_data[Position] != 0xff || _data[Position + 1] is < 0xd0 or > 0xd7)
            throw new InvalidDataException("damaged JPEG: a restart marker is missing");
        Position += 2;
    }
}
