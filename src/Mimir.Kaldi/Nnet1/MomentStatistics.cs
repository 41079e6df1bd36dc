using System.Globalization;
using System.Numerics.Tensors;

namespace Mimir.Kaldi.Nnet1;

/// <summary>Moments of parameters as nnet-info prints them, in Kaldi's precision and order of summation.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Variance">The mean square of the differences from the mean.</param>
/// <param name="Skewness">The third moment, in standard deviations; 0 is symmetric.</param>
/// <param name="Kurtosis">The fourth moment, in standard deviations, less 3; 0 is as peaked as normal.</param>
public readonly record struct MomentStatistics(float Min, float Max, float Mean, float Variance, float Skewness, float Kurtosis)
{
    /// <summary>Computes the moments.</summary>
    /// <param name="values">The values, row by row; without any, moments are NaN.</param>
    public static MomentStatistics Of(ReadOnlySpan<float> values)
    {
        var mean = MeanOf(values);
        var (min, max) = values.IsEmpty
            ? (float.PositiveInfinity, float.NegativeInfinity)
            : (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        var (second, third, fourth) = CentralSums(values, mean);
        var variance = second / values.Length;
        var skewness = (float)(third / Math.Pow(variance, 1.5) / values.Length);
        var kurtosis = (float)((fourth / (variance * variance) / values.Length) - 3.0);
        return new(min, max, mean, variance, skewness, kurtosis);
    }

    /// <summary>Formats a number as C++ does by default, with 6 significant digits.</summary>
    public static string Shown(float value) => value switch
    {
        float.NaN => float.IsNegative(value) ? "-nan" : "nan",
        float.PositiveInfinity => "inf",
        float.NegativeInfinity => "-inf",
        _ => value.ToString("g6", CultureInfo.InvariantCulture),
    };

    /// <summary>Formats the moments as nnet-info does, with a space at both ends.</summary>
    public override string ToString() =>
        $" ( min {Shown(Min)}, max {Shown(Max)}, mean {Shown(Mean)}, stddev {Shown(MathF.Sqrt(Variance))}, "
        + $"skewness {Shown(Skewness)}, kurtosis {Shown(Kurtosis)} ) ";

    // Kaldi's Sum is a BLAS dot product with ones of stride 0: pairs in single precision, their sum in double. The order decides
    // the digits of a mean that is nearly 0.
    private static float MeanOf(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        var i = 0;
        for (; i + 1 < values.Length; i += 2)
            sum += values[i] + values[i + 1];
        if (i < values.Length)
            sum += values[i];

        return (float)sum / values.Length;
    }

    // The sums of the second, third and fourth powers of the differences from the mean, each in the order of MeanOf.
    private static (float Second, float Third, float Fourth) CentralSums(ReadOnlySpan<float> values, float mean)
    {
        var (second, third, fourth) = (0.0, 0.0, 0.0);
        var i = 0;
        for (; i + 1 < values.Length; i += 2)
        {
            var (a, b) = (values[i] - mean, values[i + 1] - mean);
            var (a2, b2) = (a * a, b * b);
            var (a3, b3) = (a2 * a, b2 * b);
            second += a2 + b2;
            third += a3 + b3;
            fourth += (a3 * a) + (b3 * b);
        }

        if (i < values.Length)
        {
            var last = values[i] - mean;
            var square = last * last;
            second += square;
            third += square * last;
            fourth += square * last * last;
        }

        return ((float)second, (float)third, (float)fourth);
    }
}
