namespace Course;

/// <summary>How numbers become colours.</summary>
public enum ColourMap
{
    /// <summary>White to dark blue: amounts.</summary>
    Blues,

    /// <summary>White to medium blue: fields that something is drawn on.</summary>
    Pale,

    /// <summary>Blue, white, vermilion: values around a middle.</summary>
    Diverging,

    /// <summary>Black to white: pictures.</summary>
    Grey,
}

/// <summary>Colours that people with any colour vision can tell apart (Okabe and Ito 2008).</summary>
internal static class Palette
{
    public const string Ink = "#1f2328";
    public const string Faint = "#656d76";
    public const string Grid = "#e4e7eb";
    public const string Paper = "#ffffff";

    // Okabe–Ito without its yellow, which is too faint for a line on white.
    private static readonly string[] Okabe = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    private static readonly string[] Dashes = ["", "7 3", "2 3", "9 3 2 3", "5 2 1 2 1 2", "12 4", "4 4"];

    public static string Colour(int index) => Okabe[index % Okabe.Length];

    public static string Dash(int index) => Dashes[index % Dashes.Length];

    /// <summary>Red, green and blue of a value between 0 and 1; values outside are clamped.</summary>
    public static (byte R, byte G, byte B) Map(ColourMap map, double t)
    {
        t = Math.Clamp(t, 0, 1);
        (int R, int G, int B)[] stops = map switch
        {
            ColourMap.Blues => [(247, 251, 255), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 48, 107)],
            ColourMap.Pale => [(250, 252, 255), (222, 235, 247), (198, 219, 239), (158, 202, 225), (107, 174, 214)],
            ColourMap.Diverging => [(0, 80, 140), (86, 160, 210), (250, 250, 250), (240, 150, 90), (190, 70, 0)],
            _ => [(0, 0, 0), (255, 255, 255)],
        };
        double position = t * (stops.Length - 1);
        int i = Math.Min((int)position, stops.Length - 2);
        double f = position - i;
        return (Mix(stops[i].R, stops[i + 1].R, f), Mix(stops[i].G, stops[i + 1].G, f), Mix(stops[i].B, stops[i + 1].B, f));
    }

    public static string Hex((byte R, byte G, byte B) colour) => $"#{colour.R:x2}{colour.G:x2}{colour.B:x2}";

    /// <summary>Black or white, whichever can be read on this colour.</summary>
    public static string TextOn((byte R, byte G, byte B) colour) =>
        0.299 * colour.R + 0.587 * colour.G + 0.114 * colour.B > 140 ? Ink : "#ffffff";

    /// <summary>A pale tint of a series colour, for regions behind points.</summary>
    public static (byte R, byte G, byte B) Tint(int index, double strength)
    {
        string hex = Colour(index);
        byte Part(int at) => Mix(255, Convert.ToInt32(hex.Substring(at, 2), 16), strength);
        return (Part(1), Part(3), Part(5));
    }

    private static byte Mix(double a, double b, double f) => (byte)Math.Round(a + (b - a) * f);
}
