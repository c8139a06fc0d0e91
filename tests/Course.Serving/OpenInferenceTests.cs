using System.Text.Json;

namespace Course.Serving.Tests;

public sealed class OpenInferenceTests : IAsyncLifetime
{
    private PredictionService _service = null!;
    private PredictionClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await PredictionService.StartAsync(new BrightnessPredictor());
        _client = new PredictionClient(_service.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    private const string Model = "/v2/models/brightness";

    private static string Request(string data, string shape = "[2, 2]", string more = "") =>
        $"{{\"id\": \"42\", \"inputs\": [{{\"name\": \"input\", \"shape\": {shape}, \"datatype\": \"FP32\", \"data\": {data}}}]{more}}}";

    [Theory]
    [InlineData("[255, 255, 0, 51]")]
    [InlineData("[[255, 255], [0, 51]]")]
    public async Task Infer_FlatOrNestedData_GivesProbabilitiesInOrder(string data)
    {
        var reply = await _client.PostAsync($"{Model}/versions/1.2.0/infer", Request(data));

        Assert.Equal(200, reply.Status);
        using var document = JsonDocument.Parse(reply.Body);
        var root = document.RootElement;
        Assert.Equal(("brightness", "1.2.0", "42"), (root.GetProperty("model_name").GetString(), root.GetProperty("model_version").GetString(), root.GetProperty("id").GetString()));
        var output = root.GetProperty("outputs")[0];
        Assert.Equal([2, 2], output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal([0f, 1f, 0.9f, 0.1f], output.GetProperty("data").EnumerateArray().Select(number => number.GetSingle()), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData("[1, 2, 3]", "[2, 2]", 400, "has 3 numbers; the shape needs 4")]
    [InlineData("[1, 2, 3, 4, 5]", "[2, 2]", 400, "more than 4 numbers")]
    [InlineData("[1, 2]", "[1, 3]", 400, "'shape' is [1, 3]")]
    [InlineData("[1, 2]", "[9000000000000000000, 2]", 400, "'shape' is")]
    [InlineData("[1, 256]", "[1, 2]", 400, "data[1] is 256")]
    [InlineData("[1, \"2\"]", "[1, 2]", 400, "numbers only")]
    [InlineData("[1, 2", "[1, 2]", 400, "no JSON")]
    public async Task Infer_WithABadTensor_SaysWhat(string data, string shape, int status, string error)
    {
        var reply = await _client.PostAsync($"{Model}/infer", Request(data, shape));

        Assert.Equal(status, reply.Status);
        using var document = JsonDocument.Parse(reply.Body);
        Assert.Contains(error, document.RootElement.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("inputs")]
    [InlineData("\\u0069nputs")]
    public async Task Infer_WithANameTwice_SaysSo(string name)
    {
        var reply = await _client.PostAsync($"{Model}/infer", Request("[1, 2]", "[1, 2]", $", \"{name}\": []"));

        Assert.Equal(400, reply.Status);
        Assert.Contains("a name occurs twice", reply.Body);
    }

    [Fact]
    public async Task Metadata_NamesTensorsWithTheirShapes()
    {
        using var document = JsonDocument.Parse((await _client.GetAsync(Model)).Body);
        var root = document.RootElement;

        Assert.Equal("1.2.0", root.GetProperty("versions")[0].GetString());
        Assert.Equal([-1, 2], root.GetProperty("inputs")[0].GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal("probabilities", root.GetProperty("outputs")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/v2", 200)]
    [InlineData("/v2/health/live", 200)]
    [InlineData("/v2/health/ready", 200)]
    [InlineData("/v2/models/brightness/ready", 200)]
    [InlineData("/v2/models/brightness/versions/1.2.0/ready", 200)]
    [InlineData("/v2/models/brightness/versions/9/ready", 404)]
    [InlineData("/v2/models/other", 404)]
    public async Task Get_AnswersAsTheProtocolSays(string path, int status) => Assert.Equal(status, (await _client.GetAsync(path)).Status);

    [Fact]
    public async Task Load_ASecondVersion_IsAnsweredByNameWhileTheFirstStaysCurrent()
    {
        _service.Load(new Reversed());

        var second = await _client.PostAsync($"{Model}/versions/2.0.0/infer", Request("[255, 255]", "[1, 2]"));
        var first = await _client.PostAsync($"{Model}/infer", Request("[255, 255]", "[1, 2]"));

        Assert.Contains("\"model_version\":\"2.0.0\"", second.Body);
        Assert.Contains("\"data\":[1,0]", second.Body);
        Assert.Contains("\"model_version\":\"1.2.0\"", first.Body);
        Assert.Contains("\"data\":[0,1]", first.Body);
        Assert.Equal("1.2.0", _service.Current.Version);
    }

    private sealed class Reversed : IPredictor
    {
        public ArtefactInfo Info => BrightnessPredictor.SmallInfo with { Version = "2.0.0" };

        public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [.. inputs.Select(input => input.Average() / 255).Select(bright => new Scores([bright, 1 - bright]))];
    }
}
