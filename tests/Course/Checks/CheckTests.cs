using System.Globalization;
using System.Text.Json;

namespace Course.Tests;

public sealed class CheckTests
{
    private static JsonElement Json(object value, string mime) =>
        JsonDocument.Parse(((IDisplayable)value).Representations().Single(r => r.MimeType == mime).Content).RootElement;

    [Fact]
    public void That_TrueClaim_ShowsTheClaimForReaderAndRunner()
    {
        var shown = Shown.During(() => Check.That(true, "two is even"));
        object value = Assert.Single(shown.Values);
        Assert.Equal("✓ two is even", Display.Text(value));
        var json = Json(value, "application/vnd.course.check+json");
        Assert.Equal("two is even", json.GetProperty("claim").GetString());
        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.False(json.TryGetProperty("actual", out _));
    }

    [Fact]
    public void That_FalseClaim_IsShownAndThrown()
    {
        using var shown = Shown.Start();
        var error = Assert.Throws<CheckFailedException>(() => Check.That(false, "three is even"));
        Assert.Equal("✗ three is even", error.Message);
        Assert.False(Json(Assert.Single(shown.Values), Mime.Check).GetProperty("passed").GetBoolean());
    }

    [Theory]
    [InlineData(1.0, 1.05, 0.1, true)]
    [InlineData(1.0, 1.2, 0.1, false)]
    [InlineData(double.NaN, double.NaN, 1, false)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 0, true)]
    [InlineData(double.PositiveInfinity, 1, 1e300, false)]
    public void Close_ComparesTheAbsoluteDifference(double actual, double expected, double tolerance, bool passes)
    {
        using var shown = Shown.Start();
        var error = Xunit.Record.Exception(() => Check.Close(actual, expected, tolerance, "close"));
        Assert.Equal(passes, error is null);
        Assert.True(error is null or CheckFailedException);
        JsonDocument.Parse(((IDisplayable)shown.Values[0]).Representations().First().Content);
    }

    [Fact]
    public void Close_OfSequences_ShowsTheWorstElement()
    {
        using var shown = Shown.Start();
        var error = Assert.Throws<CheckFailedException>(() => Check.Close([1.0, 2.0, 3.0], [1.0, 2.5, 3.1], 0.2, "same"));
        Assert.Equal(2.0, error.Result.Actual);
        Assert.Throws<CheckFailedException>(() => Check.Close([1.0], [1.0, 2.0], 1, "same length"));
        Assert.Throws<CheckFailedException>(() => Check.Close([1.0, double.NaN], [1.0, 2.0], 1, "no NaN"));
        Assert.Throws<ArgumentException>(() => Check.Close([], [], 1, "empty"));
    }

    [Fact]
    public void Close_UnderAnotherCulture_PrintsPoints()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("fr-FR");
        try
        {
            var shown = Shown.During(() => Check.Close(0.25, 0.2500001, 1e-3, "a quarter"));
            Assert.Equal("✓ a quarter (found 0.25, expected 0.25 ± 0.001)", Display.Text(shown.Values[0]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Throws_ReturnsTheExpectedError_AndFailsOnOthers()
    {
        using var shown = Shown.Start();
        var caught = Check.Throws<ArgumentException>(() => throw new ArgumentNullException("x"), "refuses null");
        Assert.IsType<ArgumentNullException>(caught);
        Assert.Throws<CheckFailedException>(() => Check.Throws<ArgumentException>(() => throw new FormatException(), "refuses"));
        Assert.Throws<CheckFailedException>(() => Check.Throws<ArgumentException>(() => { }, "refuses"));
    }

    [Fact]
    public void Exercise_WithItsStub_IsNotDoneAndDoesNotThrow()
    {
        var shown = Shown.During(() => Exercise.Check("3.2", () => Check.Close(Exercise.Todo<double>(), 1, 1e-9, "solved")));
        var json = Json(Assert.Single(shown.Values), Mime.Exercise);
        Assert.Equal("3.2", json.GetProperty("id").GetString());
        Assert.Equal("not-done", json.GetProperty("status").GetString());
    }

    [Fact]
    public void Exercise_StubBehindAnotherException_IsNotDone()
    {
        var shown = Shown.During(() => Exercise.Check("3.2", () => throw new AggregateException(new InvalidOperationException("", new ExerciseNotDoneException()))));
        Assert.Equal("not-done", Json(shown.Values.Last(), Mime.Exercise).GetProperty("status").GetString());
        shown = Shown.During(() => Exercise.Check("3.2", () => Check.Throws<Exception>(() => Exercise.Todo(), "hides the stub")));
        Assert.Equal("not-done", Json(shown.Values.Last(), Mime.Exercise).GetProperty("status").GetString());
    }

    [Fact]
    public void Exercise_SolvedAndWrong_AreDoneAndThrown()
    {
        var shown = Shown.During(() => Exercise.Check("3.2", () => Check.That(true, "right")));
        Assert.Equal("done", Json(shown.Values.Last(), Mime.Exercise).GetProperty("status").GetString());
        using var again = Shown.Start();
        Assert.Throws<CheckFailedException>(() => Exercise.Check("3.2", () => Check.That(false, "wrong")));
    }

    [Fact]
    public void Number_IsShownWithNameValueAndUnit_AndRefusesNaN()
    {
        var shown = Shown.During(() => Course.Record.Number("4.3.accuracy", 0.9893, "fraction"));
        Assert.Equal("4.3.accuracy = 0.9893 fraction", Display.Text(shown.Values[0]));
        Assert.Equal(0.9893, Json(shown.Values[0], Mime.Number).GetProperty("value").GetDouble());
        Assert.Throws<ArgumentException>(() => Course.Record.Number("x", double.NaN, ""));
    }
}
