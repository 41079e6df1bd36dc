using Mimir.Features.Audio;

namespace Mimir.KaldiTools.Tests.Featbin;

public sealed class WavReverberateToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_convolves_adds_noise_and_normalises()
    {
        var speech = Integers(Waves.Noise(6000, 1));
        var noise = Integers(Waves.Noise(1000, 2));
        float[] rir = [0, 0, 16384, 0, 0, -8192];

        var run = ToolRun.Of(
            "wav-reverberate", $"--impulse-response={_folder.WriteWav("rir.wav", rir)}", "--start-times=0.1", "--snrs=10",
            $"--additive-signals={_folder.WriteWav("noise.wav", noise)}", _folder.WriteWav("in.wav", speech), _folder.At("out.wav"));

        Assert.Equal(0, run.Status);
        var reverberated = new double[6005];
        for (var i = 0; i < speech.Length; i++)
        {
            reverberated[i + 2] += 0.5 * speech[i];
            reverberated[i + 5] -= 0.25 * speech[i];
        }

        var early = reverberated.Sum(v => v * v) / reverberated.Length;
        var factor = Math.Sqrt(0.1 * early / Waves.Power(noise));
        for (var i = 0; i < noise.Length; i++)
            reverberated[1600 + i] += factor * noise[i];

        var gain = Math.Sqrt(Waves.Power(speech) / (reverberated.Sum(v => v * v) / reverberated.Length));
        var clip = SoundFile.Read(_folder.At("out.wav"));
        Assert.Equal(speech.Length, clip.Length);
        for (var i = 0; i < clip.Length; i++)
            Assert.Equal(Math.Truncate(gain * reverberated[i + 2]), clip.Channel(0)[i], 1.01);
    }

    [Fact]
    public void Run_of_many_channels_repeats_and_writes_to_standard_output()
    {
        float[] rir = [32767, 0, 0, 16384];
        SoundFile.WriteWav(_folder.At("rir.wav"), [.. rir.Select(v => (short)v)], 16000, channels: 2);
        var input = _folder.WriteWav("in.wav", [101, 201, 301, 401]);

        var run = ToolRun.Of(
            "wav-reverberate", "--multi-channel-output", "--normalize-output=false", $"--impulse-response={_folder.At("rir.wav")}", input,
            "-");
        var longer = ToolRun.Of("wav-reverberate", "--duration=0.0005", "--volume=2", input, _folder.At("long.wav"));

        Assert.Equal(0, run.Status);
        var clip = SoundFile.Read(_folder.Write("out.wav", run.Output));
        Assert.Equal(2, clip.Channels);
        Assert.Equal([100, 200, 300, 400], clip.Channel(0).ToArray());
        Assert.Equal([50, 100, 150, 200], clip.Channel(1).ToArray());
        Assert.Equal(0, longer.Status);
        Assert.Equal([202, 402, 602, 802, 202, 402, 602, 802], SoundFile.Read(_folder.At("long.wav")).Channel(0).ToArray());
    }

    [Theory]
    [InlineData("--additive-signals=a.wav", "requires --snrs and --start-times")]
    [InlineData("--additive-signals=a.wav --snrs=1,2 --start-times=0", "1 noises")]
    [InlineData("--additive-signals=gone.wav --snrs=1 --start-times=0", "gone.wav")]
    [InlineData("--additive-signals=8k.wav --snrs=1 --start-times=0", "8000 Hz")]
    [InlineData("--multi-channel-output", "--impulse-response")]
    [InlineData("--input-wave-channel=3", "channel 3")]
    [InlineData("--snrs=x --start-times=0 --additive-signals=in.wav", "'x'")]
    public void Run_that_cannot_be_says_why_and_writes_nothing(string options, string words)
    {
        _folder.WriteWav("in.wav", [1, 2, 3]);
        _folder.WriteWav("8k.wav", [1, 2, 3], 8000);
        string[] arguments = [.. options.Split(' ').Select(option => option.Replace("gone", _folder.At("gone"), StringComparison.Ordinal)
            .Replace("=8k", "=" + _folder.At("8k"), StringComparison.Ordinal)
            .Replace("=in", "=" + _folder.At("in"), StringComparison.Ordinal))];

        var run = ToolRun.Of("wav-reverberate", [.. arguments, _folder.At("in.wav"), _folder.At("out.wav")]);

        Assert.Equal(255, run.Status);
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("out.wav")));
    }

    private static float[] Integers(float[] wave) => [.. wave.Select(MathF.Truncate)];
}
