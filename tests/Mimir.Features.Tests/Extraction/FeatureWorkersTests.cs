using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;

namespace Mimir.Features.Tests.Extraction;

public sealed class FeatureWorkersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Extract_gives_results_in_order_whatever_the_number_of_workers()
    {
        var requests = Enumerable.Range(0, 30)
            .Select(i => new FeatureRequest($"u{i}", Flac($"{i}.flac", 1000 + (i * 517 % 3000)))).ToList();
        var extractor = new FbankExtractor(new FbankOptions());

        var one = new FeatureWorkers(extractor, seed: 3, workers: 1).Extract(requests).ToList();
        var many = new FeatureWorkers(extractor, seed: 3, workers: 4).Extract(requests).ToList();

        Assert.Equal(requests.Select(r => r.Utterance), many.Select(r => r.Utterance));
        Assert.All(one.Zip(many), pair => Assert.Equal(pair.First.Require().Data, pair.Second.Require().Data));
    }

    [Fact]
    public void Extract_after_a_failure_goes_on_and_the_failure_names_utterance_and_audio()
    {
        var missing = _folder.At("gone.flac");
        var requests = new[] { new FeatureRequest("bad", missing), new FeatureRequest("good", Flac("a.flac", 800)) };

        var results = new FeatureWorkers(new FbankExtractor(new FbankOptions())).Extract(requests).ToList();

        Assert.Null(results[0].Features);
        Assert.Contains($"utterance 'bad' ({missing}): ", results[0].Failure, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => results[0].Require());
        Assert.Equal(3, results[1].Require().Rows);
    }

    [Fact]
    public void Extract_of_a_segment_equals_that_part_of_the_wave()
    {
        var path = Flac("a.flac", 8000);
        var extractor = new FbankExtractor(new FbankOptions { Frame = new() { Dither = 0 } });

        var segment = new FeatureWorkers(extractor).Extract([new FeatureRequest("s", path, Start: 0.1, End: 0.3)]).Single();
        var overshooting = new FeatureWorkers(extractor).Extract([new FeatureRequest("s", path, Start: 0.3, End: 0.9)]).Single();
        var outside = new FeatureWorkers(extractor).Extract([new FeatureRequest("s", path, Start: 0.4, End: 1.1)]).Single();

        var wave = SoundFile.Read(path).Channel(0);
        Assert.Equal(extractor.Compute(wave[1600..4800]).Data, segment.Require().Data);
        Assert.Equal(extractor.Compute(wave[4800..]).Data, overshooting.Require().Data);
        Assert.Contains("lies outside the recording of 0.5 s", outside.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Extract_of_a_segment_below_a_tenth_of_a_second_fails_as_extract_segments_does()
    {
        var result = new FeatureWorkers(new FbankExtractor(new FbankOptions()))
            .Extract([new FeatureRequest("s", Flac("a.flac", 8000), Start: 0.2, End: 0.25)]).Single();

        Assert.Contains("Kaldi leaves those below 0.1 s out", result.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Extract_of_stereo_without_a_channel_says_which_it_took()
    {
        var path = _folder.At("stereo.wav");
        SoundFile.WriteWav(path, new short[2 * 8000], 16000, channels: 2);
        var workers = new FeatureWorkers(new FbankExtractor(new FbankOptions()));

        Assert.Contains("2 channels, the first", workers.Extract([new("s", path)]).Single().Warning, StringComparison.Ordinal);
        Assert.Null(workers.Extract([new("s", path, Channel: 1)]).Single().Warning);
    }

    [Fact]
    public void Select_draws_few_items_ahead_and_stops_when_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var drawn = 0;
        IEnumerable<int> Items()
        {
            while (true)
                yield return drawn++;
        }

        Assert.Throws<TaskCanceledException>(() =>
        {
            foreach (var item in OrderedParallel.Select(Items(), i => i, workers: 2, stop.Token))
            {
                Assert.True(drawn <= item + 9);
                if (item == 50)
                    stop.Cancel();
            }
        });

        Assert.InRange(drawn, 50, 80);
    }

    [Fact]
    public void Select_throws_what_the_work_throws_in_its_turn()
    {
        var results = OrderedParallel.Select(Enumerable.Range(0, 100), i => i == 3 ? throw new InputException("three") : i, workers: 3);
        var seen = new List<int>();

        var error = Assert.Throws<InputException>(() => seen.AddRange(results.Select(r => r)));

        Assert.Equal("three", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private string Flac(string name, int length)
    {
        SoundFile.WriteFlac(_folder.At(name), [.. Enumerable.Range(0, length).Select(i => (short)(5000 * Math.Sin(i * i * 0.001)))], 16000);
        return _folder.At(name);
    }
}
