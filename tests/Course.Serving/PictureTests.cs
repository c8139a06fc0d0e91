using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Course.Serving.Tests;

public sealed class PictureTests : IAsyncLifetime
{
    private readonly StrokePredictor _predictor = new();
    private PredictionService _service = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await PredictionService.StartAsync(_predictor);
        _http = new HttpClient { BaseAddress = _service.Url };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(byte[] file, string type = "image/png", string query = "")
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        using var reply = await _http.PostAsync("/v1/predict" + query, content);
        return (reply.StatusCode, JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement);
    }

    private static PixelImage Grey(int width, int height, Func<int, int, int> value) =>
        new(width, height, PixelLayout.Grey, [.. Enumerable.Range(0, width * height).Select(i => (byte)value(i % width, i / width))]);

    [Fact]
    public async Task Png_OfTheModelsSize_ArrivesPixelForPixel()
    {
        var picture = Grey(28, 28, (x, y) => x < 14 ? (x + 3 * y) % 256 : 0);

        var (status, answer) = await SendAsync(Png.Encode(picture));

        Assert.Equal((HttpStatusCode.OK, "0", "strokes 3.1.0"), (status, answer.GetProperty("label").GetString(), answer.GetProperty("model").GetString()));
        Assert.Equal(picture.Pixels.Select(value => (float)value), _predictor.Last);
    }

    [Fact]
    public async Task Jpeg_InColourAndWide_BecomesGreyIsFittedAndInverted()
    {
        // Black ink in the right half of white paper, twice as wide as high.
        var paper = Grey(112, 56, (x, _) => x >= 56 ? 0 : 255).To(PixelLayout.Rgb);

        var (status, answer) = await SendAsync(JpegEncoder.Encode(paper, 95), "image/jpeg", "?invert=true");

        Assert.Equal((HttpStatusCode.OK, "1"), (status, answer.GetProperty("label").GetString()));
        float[][] rows = _predictor.Last.Chunk(28).ToArray();
        Assert.All(rows[..7].Concat(rows[21..]), row => Assert.All(row, value => Assert.Equal(0, value)));
        Assert.All(rows[8..20], row => Assert.True(row[3] < 8 && row[24] > 247, string.Join(' ', row)));
    }

    [Theory]
    [InlineData("image/png", "", 422, "the file is empty")]
    [InlineData("image/png", "GIF89a not this one", 422, "neither PNG nor JPEG")]
    [InlineData("image/gif", "GIF89a", 415, "application/json in UTF-8, image/png or image/jpeg, not 'image/gif'")]
    [InlineData("application/json; charset=latin1", "{}", 415, "application/json in UTF-8, image/png or image/jpeg, not")]
    public async Task Picture_ThatIsNone_IsRefused(string type, string text, int status, string detail)
    {
        var (answered, problem) = await SendAsync(System.Text.Encoding.ASCII.GetBytes(text), type);

        Assert.Equal(status, (int)answered);
        Assert.Contains(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("?invert=true")]
    [InlineData("")]
    public async Task Png_Transparent_LiesOnTheGround(string query)
    {
        // Opaque strokes in the left half, as a signature without paper; what is transparent bears colours of both kinds.
        byte ink = query.Length > 0 ? (byte)0 : (byte)255;
        var sheet = new PixelImage(28, 28, PixelLayout.GreyAlpha, [.. Enumerable.Range(0, 784).SelectMany(i => i % 28 < 14 ? new byte[] { ink, 255 } : [(byte)(i % 2 * 255), 0])]);

        var (status, answer) = await SendAsync(Png.Encode(sheet), query: query);

        Assert.Equal((HttpStatusCode.OK, "0"), (status, answer.GetProperty("label").GetString()));
        Assert.Equal(Enumerable.Range(0, 784).Select(i => i % 28 < 14 ? 255f : 0f), _predictor.Last);
    }

    [Fact]
    public async Task Picture_OverALimit_IsRefusedBeforeItTakesMemory()
    {
        byte[] bomb = Png.Encode(Grey(1025, 1024, (_, _) => 0));
        Assert.InRange(bomb.Length, 0, 20_000);

        Assert.Contains("more than the 1,048,576", (await SendAsync(bomb)).Body.GetProperty("detail").GetString());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(new byte[PictureRules.LongestFile + 1])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(bomb, query: "?invert=perhaps")).Status);
    }

    [Fact]
    public async Task Picture_Damaged_IsNeverTheServicesFault()
    {
        var random = new Random(5);
        byte[][] good = new[] { Png.Encode(Grey(40, 30, (x, y) => x * y % 256)), JpegEncoder.Encode(Grey(40, 30, (x, y) => x * y % 256)) };
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = good[i % 2].ToArray();
            for (int faults = 1 + random.Next(4); faults > 0; faults--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var (status, body) = await SendAsync(bytes, i % 2 == 0 ? "image/png" : "image/jpeg");
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{i}: {status} {body}");
        }
    }

    [Fact]
    public async Task Picture_ForAModelThatTakesNone_Is415()
    {
        await using var service = await PredictionService.StartAsync(new BrightnessPredictor());
        using var http = new HttpClient { BaseAddress = service.Url };
        using var content = new ByteArrayContent(Png.Encode(Grey(2, 1, (_, _) => 9))) { Headers = { ContentType = new("image/png") } };

        using var answer = await http.PostAsync("/v1/predict", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("must be application/json in UTF-8, not 'image/png'", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Card_SaysWhatTheArtefactSays_AndThePageEncodesIt()
    {
        var card = JsonDocument.Parse(await _http.GetStringAsync("/v1/model")).RootElement;
        using var page = await _http.GetAsync("/model");
        string html = await page.Content.ReadAsStringAsync();

        Assert.Equal(("strokes", "3.1.0", 0.5), (card.GetProperty("name").GetString(), card.GetProperty("version").GetString(), card.GetProperty("metrics").GetProperty("accuracy").GetDouble()));
        Assert.Equal([1, 28, 28], card.GetProperty("inputShape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Contains("invert=true", card.GetProperty("pictures").GetString());
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("&lt;i&gt;it was written by hand", html);
        Assert.DoesNotContain("<i>", html);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Contains("<h1>strokes</h1>", html);
    }

    [Fact]
    public async Task OpenApi_DescribesPicturesTheCardAndEveryRefusal()
    {
        var paths = JsonDocument.Parse(await _http.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths");
        var predict = paths.GetProperty("/v1/predict").GetProperty("post");
        var bodies = predict.GetProperty("requestBody").GetProperty("content");

        Assert.Equal(["application/json", "image/jpeg", "image/png"], bodies.EnumerateObject().Select(body => body.Name).Order());
        Assert.Equal("binary", bodies.GetProperty("image/png").GetProperty("schema").GetProperty("format").GetString());
        Assert.Equal("invert", predict.GetProperty("parameters")[0].GetProperty("name").GetString());
        foreach (string path in new[] { "/v1/predict", "/v1/predict/batch" })
            Assert.Equal(["200", "400", "401", "403", "408", "413", "415", "422", "429", "499", "500", "503", "504"],
                paths.GetProperty(path).GetProperty("post").GetProperty("responses").EnumerateObject().Select(response => response.Name).Order());
        Assert.True(paths.TryGetProperty("/v1/model", out _) && paths.TryGetProperty("/model", out _));
    }

    [Fact]
    public async Task OpenApi_DescribesTheOpenInferenceProtocol()
    {
        var document = JsonDocument.Parse(await _http.GetStringAsync("/openapi/v1.json")).RootElement;
        var paths = document.GetProperty("paths");
        var infer = paths.GetProperty("/v2/models/{model}/versions/{version}/infer").GetProperty("post");

        Assert.Equal(["model", "version"], infer.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Contains("404", infer.GetProperty("responses").EnumerateObject().Select(response => response.Name));
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Equal(["id", "model_name", "model_version", "outputs"], schemas.GetProperty("InferResponse").GetProperty("properties").EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(["data", "datatype", "name", "shape"], schemas.GetProperty("InferTensor").GetProperty("properties").EnumerateObject().Select(property => property.Name).Order());
        foreach (string path in new[] { "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/{model}", "/v2/models/{model}/ready", "/v2/models/{model}/infer" })
            Assert.False(string.IsNullOrEmpty(paths.GetProperty(path).EnumerateObject().Single().Value.GetProperty("summary").GetString()), path);
    }
}
