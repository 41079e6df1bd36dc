using Mimir.Base;
using Mimir.Features.Augmentation;
using Xunit.Abstractions;

namespace Mimir.Features.Tests.Augmentation;

public sealed class WaveAugmenterTests(ITestOutputHelper output) : IDisposable
{
    private const int Rate = 16000;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Apply_is_a_function_of_seed_epoch_and_utterance_in_any_order()
    {
        var options = Everything();
        var waves = Enumerable.Range(0, 8).ToDictionary(i => $"utt{i}", i => Waves.Noise(8000 + (400 * i), (ulong)i + 20));
        var augmenter = new WaveAugmenter(options, 9);

        var forward = waves.ToDictionary(pair => pair.Key, pair => augmenter.Apply(pair.Key, 2, pair.Value, Rate));
        var parallel = waves.Reverse().AsParallel()
            .Select(pair => (pair.Key, Wave: augmenter.Apply(pair.Key, 2, pair.Value, Rate)))
            .ToDictionary(pair => pair.Key, pair => pair.Wave);
        var alone = new WaveAugmenter(options, 9).Apply("utt5", 2, waves["utt5"], Rate);

        Assert.All(forward, pair => Assert.Equal(pair.Value, parallel[pair.Key]));
        Assert.Equal(forward["utt5"], alone);
        Assert.NotEqual(alone, augmenter.Apply("utt5", 3, waves["utt5"], Rate));
        Assert.NotEqual(alone, new WaveAugmenter(options, 10).Apply("utt5", 2, waves["utt5"], Rate));
    }

    [Fact]
    public void SpeedOf_and_volume_have_their_distributions()
    {
        var augmenter = new WaveAugmenter(new AugmentationOptions { Speeds = [0.9, 1.0, 1.1], Volume = (0.125, 2) }, 1);
        var speeds = Enumerable.Range(0, 9000).Select(i => augmenter.SpeedOf($"u{i}", 1)).CountBy(speed => speed).ToDictionary();
        var gains = Enumerable.Range(0, 9000).Select(i => augmenter.Apply($"u{i}", 1, [1000f], Rate, speed: 1)[0] / 1000.0).ToArray();

        Assert.Equal([0.9, 1.0, 1.1], speeds.Keys.Order());
        Assert.All(speeds.Values, count => Assert.InRange(count, 2800, 3200));
        Assert.All(gains, gain => Assert.InRange(gain, 0.125, 2));
        Assert.Equal((0.125 + 2) / 2, gains.Average(), 0.02);
        Assert.Equal(0.25, gains.Count(gain => gain < 0.125 + (1.875 / 4)) / 9000.0, 0.02);
    }

    [Fact]
    public void Apply_adds_background_noise_of_a_directory_at_the_ratio()
    {
        var directory = _folder.WriteDirectory("noise", ("short", Waves.Noise(900, 1)), ("long", Waves.Noise(90000, 2)));
        var augmenter = new WaveAugmenter(
            new AugmentationOptions { Noise = new() { Sources = [directory], BackgroundSnr = SnrChoice.Parse("6-6") } }, 3);
        var speech = Waves.Tone(300, 24000);

        foreach (var utterance in new[] { "a", "b", "c", "d", "e" })
        {
            var noisy = augmenter.Apply(utterance, 0, speech, Rate);

            // The speech is a share c of what comes out; the rest is noise.
            var share = speech.Zip(noisy, (s, n) => (double)s * n).Sum() / speech.Sum(s => (double)s * s);
            var rest = noisy.Zip(speech, (n, s) => (float)(n - (share * s))).ToArray();
            var reached = 10 * Math.Log10(share * share * Waves.Power(speech) / Waves.Power(rest));
            output.WriteLine($"{utterance}: {reached:0.000} dB");
            Assert.Equal(6, reached, 0.1);
            Assert.Equal(1, Waves.Power(noisy) / Waves.Power(speech), 1e-3);
        }
    }

    [Fact]
    public void Lists_give_rooms_their_noises_and_shares()
    {
        var rirs = Rirs();
        var noises = _folder.Write("noises",
            $"--noise-id n1 --noise-type isotropic --room-linkage hall '{_folder.WriteWav("n1.wav", Waves.Noise(3000, 1))}'\n"
            + "--noise-id=n2 --noise-type point-source --bg-fg-type foreground --probability 0.2 "
            + $"{_folder.WriteWav("n2.wav", Waves.Noise(3000, 2))}\n");
        var rooms = RoomSet.Load(new() { Sources = [$"0.75, {rirs}", rirs] }, null);
        var set = NoiseSet.Load(new() { Sources = [noises] }, null);

        var drawn = Enumerable.Range(0, 4000)
            .Select(i => rooms.Draw(UtteranceDraws.For(DrawPurpose.Reverberation, 1, 0, $"u{i}")).Id).CountBy(id => id).ToDictionary();

        Assert.Equal("n1", Assert.Single(set.Isotropic["hall"]).Id);
        Assert.True(Assert.Single(set.Points).IsForeground);
        Assert.Equal(0.66 / 1.06, drawn["hall"] / 4000.0, 0.025);
        Assert.Equal(0.40 / 1.06, drawn["box"] / 4000.0, 0.025);
    }

    [Theory]
    [InlineData("--rir-id 1 x.wav", "--room-id")]
    [InlineData("--rir-id 1 --room-id a", "recording")]
    [InlineData("--rir-id 1 --room-id a x.wav y.wav", "one recording")]
    [InlineData("--rir-id 1 --room a x.wav", "--room")]
    [InlineData("--rir-id 1 --room-id 'a x.wav", "quote")]
    [InlineData("--rir-id 1 --room-id a --probability 3 x.wav", "--probability")]
    [InlineData("x.wav --rir-id", "no value")]
    [InlineData("", "empty")]
    public void Lists_that_are_malformed_name_file_and_line(string line, string words)
    {
        var list = _folder.Write("bad", "\n" + line + "\n");

        var error = Assert.Throws<InputException>(() => RoomSet.Load(new() { Sources = [list] }, null));

        Assert.Contains(line.Length == 0 ? list : $"{list}:2", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Smooth_follows_the_rule_of_Kaldi()
    {
        Assert.Equal([0.25, 0.25], SourceShare.Smooth([null, null], 0.3, 0.5));

        // Even part (1 - 0.6) / 1; given 0.7 x 0.6 + 0.3 x 0.4 = 0.54; scaled by their sum 0.94.
        var smooth = SourceShare.Smooth([0.6, null], 0.3, 1);
        Assert.Equal(0.54 / 0.94, smooth[0], 12);
        Assert.Equal(0.40 / 0.94, smooth[1], 12);
    }

    [Theory]
    [InlineData("20:10:0", "20:10:0")]
    [InlineData("5-20", "5-20")]
    [InlineData("-5-20", "-5-20")]
    [InlineData("-5", "-5")]
    [InlineData("7.5,3", "7.5:3")]
    public void Parse_of_ratios_reads_lists_and_ranges(string text, string shown) => Assert.Equal(shown, SnrChoice.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("20-5")]
    [InlineData("a:b")]
    [InlineData("1000")]
    public void Parse_of_ratios_refuses_others(string text) => Assert.Throws<InputException>(() => SnrChoice.Parse(text));

    private string Rirs() => _folder.Write("rirs",
        $"--rir-id 1 --room-id hall --probability 0.5 {_folder.WriteWav("r1.wav", Waves.Room(1500, 100, 1))}\n"
        + $"--rir-id 2 --room-id hall --rt60 0.3 --probability 0.1 {_folder.WriteWav("r2.wav", Waves.Room(700, 30, 2), 8000)}\n"
        + $"--rir-id 3 --room-id box {_folder.WriteWav("r3.wav", Waves.Room(200, 5, 3))}\n");

    private AugmentationOptions Everything()
    {
        var music = _folder.WriteDirectory("music", ("m1", Waves.Noise(5000, 5)), ("m2", Waves.Noise(50000, 6)));
        var list = _folder.Write("points",
            $"--noise-id a --noise-type isotropic --room-linkage hall {_folder.WriteWav("a.wav", Waves.Noise(900, 7))}\n"
            + $"--noise-id b --noise-type point-source {_folder.WriteWav("b.wav", Waves.Noise(4000, 8), 8000)}\n"
            + $"--noise-id c --noise-type point-source --bg-fg-type foreground {_folder.WriteWav("c.wav", Waves.Noise(2000, 9))}\n");
        return new()
        {
            Speeds = [0.9, 1, 1.1],
            Volume = (0.5, 1.5),
            Noise = new() { Sources = [music, list], BackgroundCounts = [1, 2], MaxPerMinute = 300 },
            Reverberation = new() { Sources = [Rirs()], Probability = 0.7 },
        };
    }
}
