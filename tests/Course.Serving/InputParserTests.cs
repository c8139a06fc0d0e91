using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Course.Serving.Tests;

public class InputParserTests
{
    private static readonly InputRules Rules = new(new Preprocessing { InputShape = [2], Minimum = -1e9, Maximum = 1e9 }, mostInputs: 3);

    private static (Refusal? Refusal, float[] Input) One(string body)
    {
        float[] input = new float[2];
        return (InputParser.ReadOne(Encoding.UTF8.GetBytes(body), Rules, input), input);
    }

    [Theory]
    [InlineData("{\"input\":[1,2]}", 1, 2)]
    [InlineData(" {\n\"input\"\t:\r[ 255 , 0 ] } \n", 255, 0)]
    [InlineData("{\"input\":[-0.5,1.25e2]}", -0.5, 125)]
    [InlineData("{\"input\":[12.0,1E+3]}", 12, 1000)]
    [InlineData("{\"input\":[1234,99]}", 1234, 99)]
    [InlineData("{\"\\u0069nput\":[1,2]}", 1, 2)]
    public void ReadOne_ValidJson_GivesItsNumbers(string body, double first, double second)
    {
        var (refusal, input) = One(body);

        Assert.Null(refusal);
        Assert.Equal([(float)first, (float)second], input);
    }

    [Theory]
    [InlineData("{\"input\":[1,2],\"input\":[3,4]}", 400, "occurs twice")]
    [InlineData("{\"input\":[1,2],\"\\u0069nput\":[3,4]}", 400, "occurs twice")]
    [InlineData("{\"input\":[1,2],\"more\":1}", 422, "'more' is no field")]
    [InlineData("{\"\\ud800\":[1,2]}", 422, "is no field")]
    [InlineData("{\"\\x\":[1,2]}", 422, "is no field")]
    [InlineData("{\"input\":[01,2]}", 400, "$.input[0]")]
    [InlineData("{\"input\":[1,2,]}", 400, "$.input[2]")]
    [InlineData("{\"input\":[1 2]}", 400, "$.input[0]")]
    [InlineData("{\"input\":[+1,2]}", 400, "$.input[0]")]
    [InlineData("{\"input\":[1.,2]}", 400, "$.input[0]")]
    [InlineData("{\"input\":[NaN,2]}", 400, "$.input[0]")]
    [InlineData("{\"input\":[1,2]} x", 400, "$")]
    [InlineData("{\"input\":[1,2]", 400, "$")]
    [InlineData("{\"input\":\n[1,\n2,,]}", 400, "line 3, byte 3")]
    [InlineData("{\"input\":5}", 400, "$.input")]
    [InlineData("[1,2]", 400, "$")]
    [InlineData("", 400, "line 1, byte 1")]
    [InlineData("{\"input\":[1,2,3]}", 422, "input has 3 numbers; the model takes 2")]
    [InlineData("{\"input\":[1,2e9]}", 422, "input[1] is 2E+09")]
    public void ReadOne_AnythingElse_IsRefusedByPlace(string body, int status, string detail)
    {
        var (refusal, _) = One(body);

        Assert.Equal(status, refusal?.Status);
        Assert.Contains(detail, refusal!.Detail);
    }

    /// <summary>The framework's own reader decides what is JSON; ours must agree on texts that are nearly right, and on every number.</summary>
    [Theory]
    [InlineData(2, 20_000)]
    // So many that most of them are read in blocks.
    [InlineData(100, 5_000)]
    public void ReadOne_OnTextsWithRandomFaults_AgreesWithTheFrameworksReader(int count, int texts)
    {
        var rules = new InputRules(new Preprocessing { InputShape = [count], Minimum = -1e9, Maximum = 1e9 }, mostInputs: 3);
        var random = new Random(20261128);
        string[] pieces = ["0", "7", "42", "255", "1000", "-3", "0.5", "-1.5e3", "1E2", "00", "1.", ".5", "-", "e", ",", " ", "\n", "[", "]", "{", "}", ":", "\"", "null", "\"input\"", "\u00e4", "\\"];
        int accepted = 0;
        for (int i = 0; i < texts; i++)
        {
            var text = new StringBuilder($"{{\"input\":[{string.Join(',', Enumerable.Range(0, count).Select(_ => Number()))}]}}");
            for (int faults = random.Next(3); faults > 0; faults--)
            {
                int at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text.Remove(at, 1);
                else
                    text.Insert(at, pieces[random.Next(pieces.Length)]);
            }
            float[] input = new float[count];
            var refusal = InputParser.ReadOne(Encoding.UTF8.GetBytes(text.ToString()), rules, input);
            float[]? expected = Framework(text.ToString(), count);
            Assert.True(expected is null == refusal is not null, $"{text}: {refusal?.Detail ?? "accepted"}, but the framework {(expected is null ? "refuses" : "accepts")} it");
            if (expected is null)
                continue;
            accepted++;
            Assert.Equal(expected, input);
        }
        Assert.InRange(accepted, texts / 4, texts * 3 / 4);

        string Number() => random.Next(count + 1) switch
        {
            > 1 => random.Next(256).ToString(CultureInfo.InvariantCulture),
            0 => (random.NextDouble() * 1000 - 500).ToString("R", CultureInfo.InvariantCulture),
            _ => random.Next(-5000, 5000).ToString(CultureInfo.InvariantCulture),
        };
    }

    // So many numbers in range under the only name, or null.
    private static float[]? Framework(string text, int count)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.EnumerateObject().Count() != 1)
                return null;
            if (!document.RootElement.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Array || input.GetArrayLength() != count)
                return null;
            if (input.EnumerateArray().Any(number => number.ValueKind != JsonValueKind.Number))
                return null;
            float[] numbers = [.. input.EnumerateArray().Select(number => number.GetSingle())];
            return numbers.All(number => Math.Abs(number) <= 1e9f) ? numbers : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(783)]
    public void ReadOne_OfPixelsWithOneBeyondTheRange_NamesIt(int bad)
    {
        var rules = new InputRules(Preprocessing.Mnist, mostInputs: 1);
        int[] pixels = [.. Enumerable.Range(0, 784).Select(i => i % 256)];
        float[] input = new float[784];
        Assert.Null(InputParser.ReadOne(Encoding.ASCII.GetBytes($"{{\"input\":[{string.Join(',', pixels)}]}}"), rules, input));
        Assert.Equal(pixels.Select(pixel => (float)pixel), input);

        pixels[bad] = 256;
        var refusal = InputParser.ReadOne(Encoding.ASCII.GetBytes($"{{\"input\":[{string.Join(',', pixels)}]}}"), rules, input);

        Assert.Contains($"input[{bad}] is 256; values lie between 0 and 255", refusal?.Detail);
    }

    /// <summary>Two ways to read the same; the framework's integers say what is right.</summary>
    [Fact]
    public void SmallIntegers_AtOnceAndOneByOne_ReadTheSameAsFarAsTheyGo()
    {
        var random = new Random(20261129);
        string[] others = ["1000", "01", "00", "", "-1", "1.5", "7 ", "99999", "12]"];
        for (int i = 0; i < 3_000; i++)
        {
            var pieces = Enumerable.Range(0, random.Next(200)).Select(_ => random.Next(1000).ToString(CultureInfo.InvariantCulture)).ToList();
            int whole = pieces.Count;
            if (random.Next(2) == 0 && whole > 0)
                pieces[whole = random.Next(whole)] = others[random.Next(others.Length)];
            byte[] text = Encoding.ASCII.GetBytes($"  [[{string.Join(',', pieces)},");
            int room = random.Next(250);

            foreach (bool atOnce in new[] { true, false })
            {
                if (atOnce && !System.Runtime.Intrinsics.X86.Avx512Vbmi2.IsSupported)
                    continue;
                int at = 4;
                float[] to = new float[room];
                int count = atOnce ? SmallIntegers.ReadAtOnce(text, ref at, to) : SmallIntegers.ReadOneByOne(text, ref at, to);

                Assert.InRange(count, 0, Math.Min(room, whole));
                // All that fills whole blocks is read, and nothing else.
                Assert.Equal(4 + pieces.Take(count).Sum(piece => piece.Length + 1), at);
                Assert.Equal(pieces.Take(count).Select(piece => float.Parse(piece, CultureInfo.InvariantCulture)), to.Take(count));
                if (pieces.Count == whole)
                    Assert.True(count >= Math.Min(room, whole) - 68, $"{count} of {whole} into {room}, {(atOnce ? "at once" : "one by one")}");
            }
        }
    }

    [Fact]
    public void ReadBatch_MoreInputsThanAccepted_SaysHowMany()
    {
        var inputs = new List<float[]>();

        var refusal = InputParser.ReadBatch("{\"inputs\":[[1,2],[1,2],[1,2],[1,2]]}"u8, Rules, inputs);

        Assert.Contains("at most 3", refusal?.Detail);
    }

    [Fact]
    public void Rules_GiveRoomForEveryNumberWrittenInFull()
    {
        var rules = new InputRules(Preprocessing.Mnist, 2);
        string longest = string.Join(", ", Enumerable.Repeat("-1.2345678901234567E-100", 784));

        Assert.True(rules.OneBody >= $"{{\"input\": [{longest}]}}".Length);
        Assert.InRange(rules.OneBody, 0, 30_000);
    }
}
