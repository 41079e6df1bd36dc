using Mimir.Features.Extraction;
using Mimir.Features.Signal;
using Mimir.Features.Tests.Signal;

namespace Mimir.Features.Tests.Extraction;

/// <summary>
/// Features by their definitions, one frame after the other in double precision, with a plain Fourier transform:
/// slow, readable,
/// and what the fast extractors are tested against.
/// </summary>
internal static class PlainFeatures
{
    public static double[][] Of(FeatureOptions options, float[] wave)
    {
        var rows = Enumerable.Range(0, options.Frame.FrameCount(wave.Length)).Select(t => Row(options, wave, t)).ToArray();
        if (options.SubtractMean)
        {
            var means = Enumerable.Range(0, rows[0].Length).Select(d => rows.Average(row => row[d])).ToArray();
            rows = [.. rows.Select(row => row.Select((value, d) => value - means[d]).ToArray())];
        }

        return rows;
    }

    private static double[] Row(FeatureOptions options, float[] wave, int frame)
    {
        var raw = Cut(options.Frame, wave, frame);
        if (options.Frame.RemoveDcOffset)
            raw = [.. raw.Select(x => x - raw.Average())];

        var window = WindowFunction.Create(options.Frame.WindowType, raw.Length, options.Frame.BlackmanCoefficient);
        var k = options.Frame.PreemphasisCoefficient;
        var shaped = raw.Select((x, i) => (x - (k * raw[Math.Max(i - 1, 0)])) * window[i]).ToArray();
        var energy = FlooredLog((options.RawEnergy ? raw : shaped).Sum(x => x * x));
        if (options.EnergyFloor > 0)
            energy = Math.Max(energy, Math.Log(options.EnergyFloor));

        var padded = new double[options.Frame.PaddedWindowSize];
        shaped.CopyTo(padded, 0);
        var spectrum = PlainDft.Of(padded);
        var power = spectrum.Select(x => (x.Real * x.Real) + (x.Imaginary * x.Imaginary)).ToArray();
        return options switch
        {
            FbankOptions fbank => Fbank(fbank, power, energy),
            MfccOptions mfcc => Mfcc(mfcc, power, energy),
            SpectrogramOptions { ReturnRawFft: true } =>
                [spectrum[0].Real, spectrum[^1].Real, .. spectrum[1..^1].SelectMany(x => new[] { x.Real, x.Imaginary })],
            _ => [energy, .. power.Skip(1).Select(FlooredLog)],
        };
    }

    private static double[] Fbank(FbankOptions options, double[] power, double energy)
    {
        var mel = Mel(options, options.UsePower ? power : [.. power.Select(Math.Sqrt)]);
        if (options.UseLogFbank)
            mel = [.. mel.Select(FlooredLog)];
        if (!options.UseEnergy)
            return mel;

        return options.HtkCompat ? [.. mel, energy] : [energy, .. mel];
    }

    private static double[] Mfcc(MfccOptions options, double[] power, double energy)
    {
        var mel = Mel(options, power).Select(FlooredLog).ToArray();
        var (bins, q) = (mel.Length, options.CepstralLifter);
        var cepstra = new double[options.NumCeps];
        for (var c = 0; c < cepstra.Length; c++)
        {
            var sum = mel.Select((x, i) => x * Math.Cos(Math.PI / bins * (i + 0.5) * c)).Sum();
            var lifter = q == 0 ? 1 : 1 + (q / 2 * Math.Sin(Math.PI * c / q));
            cepstra[c] = sum * Math.Sqrt((c == 0 ? 1.0 : 2.0) / bins) * lifter;
        }

        if (options.UseEnergy)
            cepstra[0] = energy;

        return options.HtkCompat
            ? [.. cepstra.Skip(1), cepstra[0] * (options.UseEnergy ? 1 : Math.Sqrt(2))]
            : cepstra;
    }

    private static double[] Mel(MelFeatureOptions options, double[] power)
    {
        var nyquist = options.Frame.SampleFrequency / 2.0;
        var high = ToMel(options.Mel.HighFreq > 0 ? options.Mel.HighFreq : nyquist + options.Mel.HighFreq);
        var low = ToMel(options.Mel.LowFreq);
        var step = (high - low) / (options.Mel.NumMelBins + 1);
        var energies = new double[options.Mel.NumMelBins];
        for (var k = 0; k < power.Length - 1; k++)
        {
            var place = (ToMel(k * nyquist / (power.Length - 1)) - low) / step;
            for (var b = 0; b < energies.Length; b++)
                energies[b] += power[k] * Math.Max(0, 1 - Math.Abs(place - (b + 1)));
        }

        return energies;
    }

    private static double[] Cut(FrameOptions options, float[] wave, int frame)
    {
        var first = (frame * options.WindowShift)
            + (options.SnipEdges ? 0 : (options.WindowShift / 2) - (options.WindowSize / 2));
        return [.. Enumerable.Range(first, options.WindowSize).Select(i => (double)wave[Mirrored(i, wave.Length)])];
    }

    private static int Mirrored(int i, int length) =>
        i < 0 ? Mirrored(-i - 1, length) : i >= length ? Mirrored((2 * length) - 1 - i, length) : i;

    private static double ToMel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));

    private static double FlooredLog(double x) => Math.Log(Math.Max(x, 1.1920929e-7));
}
