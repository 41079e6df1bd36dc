using System.Globalization;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Tests.Nnet;

public sealed class UtteranceGrouperTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-grouper").FullName;

    [Fact]
    public void Batches_hold_as_many_utterances_as_there_are_streams_or_as_fit_when_padded()
    {
        var many = Batches(streams: 3, maxFrames: 1000, 20, 20, 20, 20, 20, 20, 20, 20);
        var few = Batches(streams: 20, maxFrames: 85, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20);

        Assert.Equal([3, 3, 1], many.Select(batch => batch.Lengths.Length));
        Assert.Equal([4, 4, 2], few.Select(batch => batch.Lengths.Length));
        Assert.Equal([false, false, true], few.Select(batch => batch.IsLast));
        Assert.All(many.Concat(few), batch => Assert.Empty(batch.Streams));
    }

    [Fact]
    public void Batches_put_the_longest_first_and_count_padding()
    {
        var batches = Batches(streams: 4, maxFrames: 1000, 20, 31, 17, 25, 9, 14, 22);

        Assert.Equal(6, batches.Sum(batch => batch.Started));
        Assert.All(batches, batch =>
        {
            Assert.Equal(batch.Lengths.OrderDescending(), batch.Lengths);
            Assert.Equal(batch.Lengths[0] * batch.Lengths.Length, batch.PaddedFrames);
            Assert.Equal(batch.Features.Select(value => (int)value), batch.Targets.Classes.ToArray());
        });
    }

    [Fact]
    public void Batches_pass_over_an_utterance_that_is_too_long()
    {
        var batches = Batches(streams: 2, maxFrames: 30, 20, 31, 17, 25, 32);

        Assert.DoesNotContain(batches, batch => batch.Lengths[0] > 30);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private List<SequenceBatch> Batches(int streams, int maxFrames, params int[] lengths)
    {
        using (var targets = Posterior.Table.Create($"ark,t:{_folder}/post"))
        {
            foreach (var utterance in SomeUtterances.Of(lengths))
                targets.Write(utterance.Key, utterance.Targets);
        }

        var log = new KaldiLog("test", new StringWriter(CultureInfo.InvariantCulture), false);
        var source = new UtteranceSource(
            new() { Features = "", Targets = $"ark:{_folder}/post", MaxFrames = maxFrames }, 10000, log, KaldiIoOptions.Default);
        var grouper = new UtteranceGrouper(streams, maxFrames, features => features);
        return [.. grouper.Batches(new(SomeUtterances.Features(lengths), log), source)];
    }
}
