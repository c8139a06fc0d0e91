namespace Course.Tests;

public sealed class RunTests
{
    [Theory]
    [InlineData(null, "quick")]
    [InlineData(" ", "quick")]
    [InlineData("FULL", "full")]
    public void OneOf_UnsetOrKnown_GivesAnAllowedValue(string? value, string expected)
    {
        const string variable = "COURSE_TEST_ONE_OF";
        Environment.SetEnvironmentVariable(variable, value);
        Assert.Equal(expected, Run.OneOf(variable, "quick", "full"));
    }

    [Fact]
    public void OneOf_UnknownValue_NamesTheVariableAndTheChoices()
    {
        Environment.SetEnvironmentVariable("COURSE_TEST_UNKNOWN", "fast");
        var error = Assert.Throws<InvalidOperationException>(() => Run.OneOf("COURSE_TEST_UNKNOWN", "quick", "full"));
        Assert.Contains("COURSE_TEST_UNKNOWN is 'fast'", error.Message);
        Assert.Contains("quick, full", error.Message);
    }
}
