using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Course.Serving;

/// <summary>A page where a digit is drawn with the mouse, and the answer, its probabilities and its saliency appear. It only loads what lies beside it.</summary>
internal static class DrawingPage
{
    // Nothing from elsewhere, no script or style inside the page, and no other site may put it into a frame.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="canDraw">The model takes what is drawn there; otherwise there is only what the model card needs.</param>
    public static void Map(WebApplication app, bool canDraw)
    {
        foreach (var (path, file, type) in new[] { ("/", "index.html", "text/html"), ("/page.js", "page.js", "text/javascript"), ("/page.css", "page.css", "text/css") })
        {
            if (!canDraw && path != "/page.css")
                continue;
            byte[]? content = null;
            app.MapGet(path, context => SendAsync(context, type, content ??= Read(file)));
        }
    }

    /// <summary>Sends what a browser shows, with what it may load and do.</summary>
    public static async Task SendAsync(HttpContext context, string type, byte[] content)
    {
        context.Response.ContentType = type + "; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentLength = content.Length;
        await context.Response.BodyWriter.WriteAsync(content);
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(DrawingPage).Assembly.GetManifestResourceStream($"Course.Serving.Page.{file}")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
