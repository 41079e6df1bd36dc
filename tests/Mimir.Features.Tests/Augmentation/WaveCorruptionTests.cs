using Mimir.Base;
using Mimir.Features.Augmentation;
using Xunit.Abstractions;

namespace Mimir.Features.Tests.Augmentation;

public sealed class WaveCorruptionTests(ITestOutputHelper output)
{
    private const int Rate = 16000;

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(17.5)]
    public void Apply_reaches_the_ratio_without_a_room(double snr)
    {
        var speech = Waves.Tone(440, 32000);
        var noise = new AdditiveSignal(Waves.Noise(32000, 3, 17), snr);

        var noisy = WaveCorruption.Apply(speech, Rate, null, [noise], new CorruptionOptions { NormalizeOutput = false });

        var added = noisy.Zip(speech, (sum, clean) => sum - clean).ToArray();
        var reached = 10 * Math.Log10(Waves.Power(speech) / Waves.Power(added));
        output.WriteLine($"asked {snr} dB, reached {reached:0.0000} dB");
        Assert.Equal(snr, reached, 0.1);
    }

    [Fact]
    public void Apply_refers_the_ratio_to_early_reverberation_alone()
    {
        // Two paths as loud: 20 ms after the first counts as speech, 200 ms after it does not.
        var speech = Waves.Noise(32000, 4);
        foreach (var (delay, counted) in new[] { (320, true), (3200, false) })
        {
            var impulses = new float[delay + 1];
            (impulses[0], impulses[delay]) = (32767, 32766);
            var room = new ImpulseResponse(impulses, Rate);
            var noise = new AdditiveSignal(Waves.Noise(40000, 5), 10);
            var unnormalised = new CorruptionOptions { NormalizeOutput = false };

            var clean = WaveCorruption.Apply(speech, Rate, room, [], unnormalised);
            var noisy = WaveCorruption.Apply(speech, Rate, room, [noise], unnormalised);

            var added = noisy.Zip(clean, (sum, c) => sum - c).ToArray();
            var heard = new float[counted ? delay + 1 : 800];
            impulses.AsSpan(0, heard.Length).CopyTo(heard);
            var early = BlockConvolver.Plain([.. heard.Select(v => v / 32768)], speech);
            var reached = 10 * Math.Log10(Waves.Power(early) / Waves.Power(added));
            output.WriteLine($"reflection after {delay / 16} ms: {reached:0.000} dB");
            Assert.Equal(10, reached, 0.05);
        }
    }

    [Fact]
    public void Apply_shifts_by_the_peak_and_keeps_length_and_power()
    {
        var speech = Waves.Noise(20000, 6);
        var impulses = Waves.Room(3000, 250, 7);
        var room = new ImpulseResponse(impulses, Rate);

        var reverberated = WaveCorruption.Apply(speech, Rate, room, [], new CorruptionOptions());
        var whole = WaveCorruption.Apply(speech, Rate, room, [], new CorruptionOptions { ShiftOutput = false });

        Assert.Equal(250, room.Peak);
        Assert.Equal(speech.Length, reverberated.Length);
        Assert.Equal(speech.Length + 2999, whole.Length);
        Assert.Equal(reverberated, whole[250..20250]);
        Assert.Equal(1, Waves.Power(whole) / Waves.Power(speech), 1e-4);
        var direct = BlockConvolver.Plain(impulses, speech);
        var gain = Math.Sqrt(Waves.Power(speech) / Waves.Power(direct));
        for (var i = 0; i < direct.Length; i += 97)
            Assert.Equal(direct[i] * gain, whole[i], 0.01);
    }

    [Fact]
    public void Apply_starts_noises_cuts_repeats_and_scales()
    {
        float[] speech = [100, 100, 100, 100];
        var late = new AdditiveSignal([50, 50], Snr: 0, Start: 2.0 / Rate);
        var gone = new AdditiveSignal([50, 50], Snr: 0, Start: 1);

        var mixed = WaveCorruption.Apply(speech, Rate, null, [late, gone], new CorruptionOptions { Volume = 0.5f });
        var longer = WaveCorruption.Apply(speech, Rate, null, [], new CorruptionOptions { Duration = 6f / Rate });
        var silent = WaveCorruption.Apply(new float[4], Rate, null, [late], new CorruptionOptions());

        Assert.Equal([50, 50, 100, 100], mixed);
        Assert.Equal([100, 100, 100, 100, 100, 100], longer);
        Assert.Equal(new float[4], silent);
        Assert.Throws<InputException>(() =>
            WaveCorruption.Apply(speech, Rate, null, [late with { Start = -1 }], new CorruptionOptions()));
        Assert.Throws<InputException>(() => new ImpulseResponse(new float[10], Rate));
    }
}
