namespace Course.Serving;

/// <summary>
/// How a PNG or JPEG becomes a model's input: its colours become grey by luminance when the model takes one channel, it is inverted
/// when the client says so (dark strokes on paper, for a model that learned bright ones on black); transparent parts are ground: black, or
/// paper when it is inverted; it is made as large as fits into the model's input without changing its proportions, and put into the middle
/// of a black field.
/// </summary>
internal sealed class PictureRules
{
    /// <summary>The longest file, in bytes, and the most pixels in it. Both bound what one request costs.</summary>
    public const int LongestFile = 1 << 20, MostPixels = 1 << 20;

    /// <summary>Memory that reading one picture takes at most: rows of 16 bits a channel, pixels in colour with transparency, grey ones, and their copies.</summary>
    public const int Memory = 24 << 20;

    private readonly PixelLayout _layout;
    private readonly int _width;
    private readonly int _height;
    private readonly float _minimum;
    private readonly float _step;

    private PictureRules(PixelLayout layout, int height, int width, Preprocessing preprocessing)
    {
        (_layout, _height, _width) = (layout, height, width);
        _minimum = (float)preprocessing.Minimum;
        _step = (float)((preprocessing.Maximum - preprocessing.Minimum) / 255);
    }

    /// <summary>In a few words, for the model card.</summary>
    public string Text => FormattableString.Invariant($"PNG or JPEG of at most {LongestFile / 1024:N0} KB and {MostPixels:N0} pixels; made {(_layout == PixelLayout.Grey ? "grey" : "RGB")} and {_width}×{_height} with its proportions kept, on black; ?invert=true for dark strokes on a bright ground.");

    /// <summary>Null when the model's input is no picture of one or three channels.</summary>
    public static PictureRules? For(Preprocessing preprocessing) => preprocessing.InputShape is [1 or 3, > 0 and <= 4096, > 0 and <= 4096] shape
        ? new(shape[0] == 1 ? PixelLayout.Grey : PixelLayout.Rgb, (int)shape[1], (int)shape[2], preprocessing) : null;

    /// <summary>Reads a picture into an input.</summary>
    /// <param name="input">Receives the raw values, channel by channel.</param>
    public Refusal? Read(ReadOnlySpan<byte> file, bool invert, Span<float> input)
    {
        PixelImage picture;
        try
        {
            picture = PixelImage.Decode(file, MostPixels).To(_layout, ground: invert ? (byte)255 : (byte)0);
        }
        catch (InvalidDataException fault)
        {
            return Refusal.Unprocessable($"The picture cannot be read: {fault.Message}.");
        }
        double scale = Math.Min((double)_width / picture.Width, (double)_height / picture.Height);
        var fitted = picture.Resize(Math.Clamp((int)Math.Round(picture.Width * scale), 1, _width), Math.Clamp((int)Math.Round(picture.Height * scale), 1, _height));
        input.Fill(_minimum);
        var (left, top, channels) = ((_width - fitted.Width) / 2, (_height - fitted.Height) / 2, fitted.Channels);
        for (int channel = 0; channel < channels; channel++)
            for (int y = 0; y < fitted.Height; y++)
                for (int x = 0; x < fitted.Width; x++)
                {
                    int value = fitted[x, y, channel];
                    input[(channel * _height + top + y) * _width + left + x] = _minimum + _step * (invert ? 255 - value : value);
                }
        return null;
    }
}
