using System.Buffers.Text;
using System.Text;

namespace Course.Serving.Tests;

public sealed class ShortestDecimalTests
{
    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(0.5f, "0.5")]
    [InlineData(0.0001f, "0.0001")]
    [InlineData(0.099999994f, "0.099999994")]
    [InlineData(0.99999994f, "0.99999994")]
    [InlineData(1f, "1")]
    [InlineData(0f, "0")]
    [InlineData(1.5E-10f, "1.5E-10")]
    [InlineData(float.MaxValue, "3.4028235E+38")]
    [InlineData(-1.1754944E-38f, "-1.1754944E-38")]
    public void Write_OfAFloat_IsItsShortestForm(float value, string expected) => Assert.Equal(expected, Written(value));

    /// <summary>The framework's text is the measure, and read back it is the float.</summary>
    [Fact]
    public void Write_OfFloatsUpToOne_IsWhatTheFrameworkWrites()
    {
        byte[] theirs = new byte[ShortestDecimal.Longest];
        var random = new Random(20261129);
        // From 2⁻²⁰ to 1: bit patterns in between are floats in between.
        int least = BitConverter.SingleToInt32Bits(MathF.Pow(2, -20)), most = BitConverter.SingleToInt32Bits(1f);
        for (int i = 0; i < 1_000_000; i++)
        {
            float value = BitConverter.Int32BitsToSingle(random.Next(least, most + 1));
            string ours = Written(value);
            Assert.True(Utf8Formatter.TryFormat(value, theirs, out int length));
            Assert.Equal(Encoding.ASCII.GetString(theirs, 0, length), ours);
        }
    }

    private static string Written(float value)
    {
        Span<byte> to = stackalloc byte[ShortestDecimal.Longest];
        return Encoding.ASCII.GetString(to[..ShortestDecimal.Write(to, value)]);
    }
}
