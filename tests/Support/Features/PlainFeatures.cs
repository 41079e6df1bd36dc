using System.Globalization;
using Mimir.Base.Options;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Features.Signal;

namespace Mimir.Tests.Support;

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

    /// <summary>What a command line of a compute-…-feats program asks for, or null when it warps frequencies.</summary>
    public static double[][]? OfCommand(IReadOnlyList<string> words, AudioClip clip)
    {
        var options = FeatureOptions.ForKind(words[0].Split('-')[1]);
        foreach (var parts in words.Where(w => w.StartsWith("--", StringComparison.Ordinal)).Select(w => w[2..].Split('=')))
        {
            if (parts[0] == "vtln-map" || (parts[0] == "vtln-warp" && double.Parse(parts[1], CultureInfo.InvariantCulture) != 1))
                return null;
            if (Option.Of(options.GetType()).Any(option => option.Name == parts[0]))
                options = options.With(parts[0], parts[1]);
        }

        var wave = clip.Channel(0).ToArray();
        return Of(options, clip.SampleRate == options.Frame.SampleFrequency
            ? wave
            : new Resampler(clip.SampleRate, (int)options.Frame.SampleFrequency).Apply(wave));
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
            PlpOptions plp => Plp(plp, power, energy),
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

    private static double[] Plp(PlpOptions options, double[] power, double energy)
    {
        var (bins, order, q) = (options.Mel.NumMelBins, options.LpcOrder, (double)options.CepstralLifter);
        var loud = Mel(options, power).Zip(Loudness(options), (x, l) => Math.Pow(x * l, options.CompressFactor)).ToArray();
        double[] spectrum = [loud[0], .. loud, loud[^1]];
        var autocorrelation = new double[order + 1];
        for (var lag = 0; lag <= order; lag++)
        {
            var terms = spectrum.Select((x, i) =>
                (i == 0 || i == bins + 1 ? 0.5 : 1) * x * Math.Cos(Math.PI * lag * i / (bins + 1)));
            autocorrelation[lag] = terms.Sum() / (bins + 1);
        }


        var (predictor, residual) = Predictor(autocorrelation);
        var cepstra = new double[order + 1];
        for (var n = 1; n <= order; n++)
            cepstra[n] = -predictor[n] - Enumerable.Range(1, n - 1).Sum(k => k * cepstra[k] * predictor[n - k]) / n;

        cepstra[0] = Math.Max(Math.Log(residual), 1.17549435e-38);
        var values = cepstra.Take(options.NumCeps)
            .Select((c, i) => c * options.CepstralScale * (q == 0 ? 1 : 1 + (q / 2 * Math.Sin(Math.PI * i / q)))).ToArray();
        if (options.UseEnergy)
            values[0] = energy;

        return options.HtkCompat ? [.. values.Skip(1), values[0]] : values;
    }

    // Levinson and Durbin, with a new array for each order.
    private static (double[] Predictor, double Residual) Predictor(double[] autocorrelation)
    {
        double[] a = [1];
        var residual = autocorrelation[0];
        for (var order = 1; order < autocorrelation.Length; order++)
        {
            var reflection = a.Select((x, j) => x * autocorrelation[order - j]).Sum() / residual;
            a = [.. Enumerable.Range(0, order + 1).Select(j => (j < order ? a[j] : 0) - (j > 0 ? reflection * a[order - j] : 0))];
            residual *= 1 - (reflection * reflection);
        }

        return (a, residual);
    }

    private static double[] Loudness(PlpOptions options)
    {
        var nyquist = options.Frame.SampleFrequency / 2.0;
        var low = ToMel(options.Mel.LowFreq);
        var high = ToMel(options.Mel.HighFreq > 0 ? options.Mel.HighFreq : nyquist + options.Mel.HighFreq);
        var centres = Enumerable.Range(1, options.Mel.NumMelBins).Select(i => low + (i * (high - low) / (options.Mel.NumMelBins + 1)));
        return [.. centres.Select(mel => Math.Pow(700 * (Math.Exp(mel / 1127) - 1), 2))
            .Select(square => Math.Pow(square / (square + 1.6e5), 2) * (square + 1.44e6) / (square + 9.61e6))];
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
