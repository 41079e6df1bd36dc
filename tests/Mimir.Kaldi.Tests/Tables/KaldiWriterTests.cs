using System.Globalization;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class KaldiWriterTests
{
    // From C's printf("%.7g") on the same floats.
    [Theory]
    [InlineData(0f, "0")]
    [InlineData(-0f, "-0")]
    [InlineData(1f, "1")]
    [InlineData(0.1f, "0.1")]
    [InlineData(16777216f, "1.677722e+07")]
    [InlineData(1e7f, "1e+07")]
    [InlineData(9999999f, "9999999")]
    [InlineData(1234567.9f, "1234568")]
    [InlineData(0.0001f, "0.0001")]
    [InlineData(0.00012345678f, "0.0001234568")]
    [InlineData(0.00001f, "1e-05")]
    [InlineData(3.4028235e38f, "3.402823e+38")]
    [InlineData(1.17549435e-38f, "1.175494e-38")]
    [InlineData(1.4e-45f, "1.401298e-45")]
    [InlineData(float.PositiveInfinity, "inf")]
    [InlineData(float.NegativeInfinity, "-inf")]
    public void Digits_are_those_of_a_C_plus_plus_stream(float value, string text) => Assert.Equal(text, KaldiWriter.Digits(value));

    [Fact]
    public void Digits_of_a_NaN_keep_its_sign()
    {
        Assert.Equal("nan", KaldiWriter.Digits(BitConverter.Int32BitsToSingle(0x7FC00000)));
        Assert.Equal("-nan", KaldiWriter.Digits(BitConverter.UInt32BitsToSingle(0xFFC00000)));
    }

    [Fact]
    public void Digits_of_any_float_read_back_to_seven_digits()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (!float.IsFinite(value))
                continue;

            var exact = ((double)value).ToString("e6", CultureInfo.InvariantCulture);

            Assert.Equal(
                double.Parse(exact, CultureInfo.InvariantCulture), double.Parse(KaldiWriter.Digits(value), CultureInfo.InvariantCulture));
        }
    }
}
