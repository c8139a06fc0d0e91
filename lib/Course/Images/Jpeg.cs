using System.Buffers.Binary;

namespace Course;

/// <summary>
/// JPEG (ITU-T T.81: sequential and progressive, Huffman, 8 bits; grey, YCbCr or RGB with any subsampling, restart intervals).
/// Pictures are turned upright as EXIF says. Arithmetic-coded, lossless, hierarchical and CMYK files are refused by name.
/// </summary>
public static class Jpeg
{
    /// <exception cref="InvalidDataException">Damaged, truncated, too large, or a kind of JPEG that is not supported.</exception>
    public static PixelImage Decode(ReadOnlySpan<byte> file, long maximumPixels = PixelImage.MaximumPixels)
    {
        if (file is not [0xff, 0xd8, ..])
            throw new InvalidDataException("not a JPEG file: it does not begin with ff d8");
        var state = new State();
        int at = 2;
        while (true)
        {
            int marker = NextMarker(file, ref at);
            if (marker == 0xd9)
            {
                if (state is { IsProgressive: true, Frame: { } frame } && frame.Components.All(c => c.Seen))
                    return Finished(ProgressiveJpeg.Decode(file, frame), state);
                throw new InvalidDataException("damaged JPEG: it ends before any pixels");
            }
            if (state.IsProgressive)
                ProgressiveJpeg.CheckMarker(marker);
            if (marker is 0x01 or >= 0xd0 and <= 0xd7)
                continue;
            if (file.Length - at < 2)
                throw Truncated();
            ushort length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2 || length > file.Length - at)
                throw Truncated();
            var body = file.Slice(at + 2, length - 2);
            at += length;
            switch (marker)
            {
                case 0xc0 or 0xc1 or 0xc2:
                    // Each header takes memory for the whole image, so a file of many would cost far more than its size.
                    if (state.Frame is not null)
                        throw new InvalidDataException("damaged JPEG: two frame headers");
                    state.IsProgressive = marker == 0xc2;
                    state.Frame = JpegFrame.Parse(body, file.Length, state.IsProgressive, maximumPixels);
                    break;
                case 0xc3 or 0xc7 or 0xcb or 0xcf: throw new InvalidDataException("lossless JPEG is not supported: save the image as baseline JPEG or PNG");
                case 0xc5 or 0xc6 or 0xc9 or 0xca or 0xcd or 0xce: throw new InvalidDataException("this kind of JPEG (hierarchical or arithmetic-coded) is not supported: save the image as PNG");
                case 0xc4: ReadHuffmanTables(body, state); break;
                case 0xdb: ReadQuantisation(body, state); break;
                case 0xdd:
                    if (body.Length != 2)
                        throw new InvalidDataException("damaged JPEG: restart interval");
                    state.RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(body);
                    break;
                case 0xee:
                    // Adobe's marker says whether three components are RGB (0) or YCbCr (1).
                    if (body.Length >= 12 && body[..5].SequenceEqual("Adobe"u8))
                        state.IsRgb ??= body[11] == 0;
                    break;
                case 0xe0:
                    // JFIF is always YCbCr.
                    if (body.Length >= 5 && body[..5].SequenceEqual("JFIF\0"u8))
                        state.IsRgb = false;
                    break;
                case 0xe1:
                    if (JpegOrientation.Of(body) is { } orientation)
                        state.Orientation = orientation;
                    break;
                case 0xda when state.IsProgressive:
                    if (state.RestartInterval > 0)
                        throw new InvalidDataException("progressive JPEG with restart intervals is not supported: save the image as baseline JPEG or PNG");
                    at += ProgressiveJpeg.SkipScan(body, file[at..], state.Frame!);
                    break;
                case 0xda:
                    ReadScan(body, file[at..], state, ref at);
                    if (state.Frame!.Components.All(c => c.Seen))
                        return Finished(state.Frame.ToImage(state.IsRgb ?? state.Frame.IsNamedRgb), state);
                    break;
            }
        }
    }

    private static PixelImage Finished(PixelImage image, State state) => JpegOrientation.Upright(image, state.Orientation);

    internal static InvalidDataException Truncated() => new("truncated JPEG: the file ends too early");

    private static int NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        if (at >= file.Length)
            throw Truncated();
        if (file[at] != 0xff)
            throw new InvalidDataException("damaged JPEG: a marker is missing");
        while (at < file.Length && file[at] == 0xff)
            at++;
        return at < file.Length ? file[at++] : throw Truncated();
    }

    private static void ReadHuffmanTables(ReadOnlySpan<byte> body, State state)
    {
        while (!body.IsEmpty)
        {
            if (body.Length < 17)
                throw new InvalidDataException("damaged JPEG: Huffman table");
            var (kind, id) = (body[0] >> 4, body[0] & 15);
            int count = 0;
            foreach (byte n in body[1..17])
                count += n;
            if (kind > 1 || id > 3 || count > 256 || body.Length < 17 + count)
                throw new InvalidDataException("damaged JPEG: Huffman table");
            state.Huffman[kind * 4 + id] = new JpegHuffman(body[1..17], body.Slice(17, count));
            body = body[(17 + count)..];
        }
    }

    private static void ReadQuantisation(ReadOnlySpan<byte> body, State state)
    {
        while (!body.IsEmpty)
        {
            var (wide, id) = (body[0] >> 4, body[0] & 15);
            int size = wide == 0 ? 64 : 128;
            if (wide > 1 || id > 3 || body.Length < 1 + size)
                throw new InvalidDataException("damaged JPEG: quantisation table");
            int[] table = new int[64];
            for (int i = 0; i < 64; i++)
                table[JpegFrame.ZigZag[i]] = wide == 0 ? body[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(body[(1 + 2 * i)..]);
            state.Quantisation[id] = table;
            body = body[(1 + size)..];
        }
    }

    private static void ReadScan(ReadOnlySpan<byte> body, ReadOnlySpan<byte> data, State state, ref int at)
    {
        var frame = state.Frame ?? throw new InvalidDataException("damaged JPEG: pixels before the frame header");
        if (body.IsEmpty || body[0] is 0 or > 4 || body.Length != 4 + 2 * body[0])
            throw new InvalidDataException("damaged JPEG: scan header");
        var parts = new List<JpegComponent>();
        for (int i = 0; i < body[0]; i++)
        {
            byte id = body[1 + 2 * i];
            var component = frame.Components.FirstOrDefault(c => c.Id == id && !c.Seen)
                ?? throw new InvalidDataException($"damaged JPEG: scan of unknown component {id}");
            component.Dc = state.Huffman[(body[2 + 2 * i] >> 4) & 3] ?? throw new InvalidDataException("damaged JPEG: missing Huffman table");
            component.Ac = state.Huffman[4 + (body[2 + 2 * i] & 3)] ?? throw new InvalidDataException("damaged JPEG: missing Huffman table");
            component.Quantisation = state.Quantisation[component.QuantisationId] ?? throw new InvalidDataException("damaged JPEG: missing quantisation table");
            component.Seen = true;
            component.Samples = new byte[component.BlocksAcross * component.BlocksDown * 64];
            parts.Add(component);
        }
        at += frame.DecodeScan(parts, data, state.RestartInterval);
    }

    private sealed class State
    {
        public JpegFrame? Frame;
        public bool IsProgressive;
        public readonly JpegHuffman?[] Huffman = new JpegHuffman?[8];
        public readonly int[]?[] Quantisation = new int[]?[4];
        public int RestartInterval;
        /// <summary>Null where no marker says it.</summary>
        public bool? IsRgb;

        /// <summary>EXIF's number for how the camera was held; 1 is upright.</summary>
        public int Orientation = 1;
    }
}
