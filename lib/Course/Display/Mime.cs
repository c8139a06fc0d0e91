using Course.Base;

namespace Course;

/// <summary>The MIME types that the library writes.</summary>
public static class Mime
{
    public const string Text = "text/plain";
    public const string Html = "text/html";
    public const string Svg = "image/svg+xml";
    public const string Check = CourseMime.Check;
    public const string Number = CourseMime.Number;
    public const string Exercise = CourseMime.Exercise;
    public const string Device = CourseMime.Device;

    internal static readonly string[] All = [Html, Svg, Check, Number, Exercise, Device, Text];
}
