using Mimir.Features.Pitch;

namespace Mimir.Features.Tests.Pitch;

/// <summary>
/// The tracker as the paper has it, slow and plain, in double precision: the whole wave at once, sums as they are written,
/// every pair of lags compared. It is what <see cref="PitchExtractor"/> is tested against.
/// </summary>
internal static class PlainPitch
{
    /// <summary>Correlation and pitch of each frame.</summary>
    public static (double Correlation, double Pitch)[] Track(PitchOptions options, float[] wave)
    {
        var low = Resample(options, wave);
        var lags = Lags(options);
        var (first, last) = Measured(options);
        var size = options.WindowSize;
        var power = low.Average(x => x * x) - Math.Pow(low.Average(), 2);
        var ballast = Math.Pow(power * size, 2) * options.NccfBallast;
        var frames = low.Length < size ? 0 : ((low.Length - size) / options.WindowShift) + 1;

        var filter = Filter(options, first, last, lags);
        var plain = new double[frames][];
        var local = new double[frames][];
        for (var t = 0; t < frames; t++)
        {
            var (products, energies) = Correlate(low, t * options.WindowShift, size, first, last);
            plain[t] = Between(filter, [.. products.Zip(energies, (p, e) => e > 0 ? p / Math.Sqrt(e) : 0)]);
            var eased = Between(filter, [.. products.Zip(energies, (p, e) => p / Math.Sqrt(e + ballast))]);
            local[t] = [.. eased.Zip(lags, (n, lag) => 1 - n + (options.SoftMinF0 * lag * n))];
        }

        return [.. Path(options, local).Select((lag, t) => (plain[t][lag], 1 / lags[lag]))];
    }

    /// <summary>The cheapest way to each state: the least of <c>costs[j] + factor (i - j)^2</c>.</summary>
    public static (double Cost, int From)[] Step(double[] costs, double factor)
    {
        var steps = new (double Cost, int From)[costs.Length];
        for (var i = 0; i < costs.Length; i++)
        {
            steps[i] = (double.PositiveInfinity, 0);
            for (var j = 0; j < costs.Length; j++)
            {
                var cost = costs[j] + (factor * (i - j) * (i - j));
                if (cost < steps[i].Cost)
                    steps[i] = (cost, j);
            }
        }

        return steps;
    }

    private static int[] Path(PitchOptions options, double[][] local)
    {
        var factor = Math.Pow(Math.Log(1 + (double)options.DeltaPitch), 2) * options.PenaltyFactor;
        var back = new int[local.Length][];
        var costs = new double[local.Length == 0 ? 0 : local[0].Length];
        for (var t = 0; t < local.Length; t++)
        {
            var steps = Step(costs, factor);
            back[t] = [.. steps.Select(step => step.From)];
            costs = [.. steps.Zip(local[t], (step, cost) => step.Cost + cost)];
        }

        var path = new int[local.Length];
        var state = Array.IndexOf(costs, costs.DefaultIfEmpty().Min());
        for (var t = path.Length - 1; t >= 0; t--)
            (path[t], state) = (state, back[t][state]);

        return path;
    }

    private static (double[] Products, double[] Energies) Correlate(double[] wave, int start, int size, int first, int last)
    {
        var window = Enumerable.Range(start, size + last).Select(i => i < wave.Length ? wave[i] : 0).ToArray();
        var mean = window.Take(size).Average();
        window = [.. window.Select(x => x - mean)];
        var lags = Enumerable.Range(first, last - first + 1).ToArray();
        return ([.. lags.Select(lag => Product(0, lag))], [.. lags.Select(lag => Product(0, 0) * Product(lag, lag))]);

        double Product(int a, int b)
        {
            var sum = 0.0;
            for (var i = 0; i < size; i++)
                sum += window[a + i] * window[b + i];

            return sum;
        }
    }

    private static double[] Between(double[][] filter, double[] measured) =>
        [.. filter.Select(weights => weights.Zip(measured, (w, n) => w * n).Sum())];

    private static double[][] Filter(PitchOptions options, int first, int last, double[] lags)
    {
        double rate = options.ResampleFrequency;
        return
        [
            .. lags.Select(lag => Enumerable.Range(first, last - first + 1)
                .Select(k => Sinc(lag - (k / rate), rate / 2, options.UpsampleFilterWidth) / rate).ToArray()),
        ];
    }

    private static double[] Resample(PitchOptions options, float[] wave)
    {
        double from = options.SampleFrequency, to = options.ResampleFrequency;
        var width = options.LowpassFilterWidth / (2.0 * options.LowpassCutoff);
        var low = new double[(int)Math.Ceiling(wave.Length * to / from)];
        for (var i = 0; i < low.Length; i++)
        {
            var begin = Math.Max(0, (int)(((i / to) - width) * from));
            var end = Math.Min(wave.Length - 1, (int)(((i / to) + width) * from) + 1);
            for (var j = begin; j <= end; j++)
                low[i] += wave[j] * Sinc((j / from) - (i / to), options.LowpassCutoff, options.LowpassFilterWidth) / from;
        }

        return low;
    }

    // A sinc under a Hann window.
    private static double Sinc(double time, double cutoff, int zeros) => Math.Abs(time) >= zeros / (2 * cutoff) ? 0
        : 0.5 * (1 + Math.Cos(2 * Math.PI * cutoff * time / zeros))
            * (time == 0 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * time) / (Math.PI * time));

    private static double[] Lags(PitchOptions options)
    {
        var lags = new List<double>();
        for (var lag = 1.0 / options.MaxF0; lag <= 1.0 / options.MinF0; lag *= 1.0 + options.DeltaPitch)
            lags.Add(lag);

        return [.. lags];
    }

    private static (int First, int Last) Measured(PitchOptions options)
    {
        var margin = options.UpsampleFilterWidth / (2.0 * options.ResampleFrequency);
        return ((int)Math.Ceiling(options.ResampleFrequency * ((1.0 / options.MaxF0) - margin)),
            (int)Math.Floor(options.ResampleFrequency * ((1.0 / options.MinF0) + margin)));
    }
}
