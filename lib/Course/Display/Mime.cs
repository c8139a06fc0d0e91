namespace Course;

/// <summary>The MIME types that the library writes.</summary>
public static class Mime
{
    public const string Text = "text/plain";
    public const string Html = "text/html";
    public const string Svg = "image/svg+xml";
    public const string Check = "application/vnd.course.check+json";
    public const string Number = "application/vnd.course.number+json";
    public const string Exercise = "application/vnd.course.exercise+json";

    internal static readonly string[] All = [Html, Svg, Check, Number, Exercise, Text];
}
