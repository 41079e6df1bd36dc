using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests;

/// <summary>Damaged and contradictory data ends in one line that names file, utterance or frame.</summary>
public sealed class BadDataTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task Truncated_archive_names_line_file_and_byte()
    {
        using (var archive = File.OpenWrite(_corpus.At("train/feats.ark")))
            archive.SetLength(archive.Length - 100);

        var outcome = await TrainAsync();

        outcome.Refused("feats.scp:24: ", "feats.ark: byte ", "the file ends after");
    }

    [Fact]
    public async Task Feature_that_is_not_a_number_names_utterance_and_frame()
    {
        _corpus.ChangeFeatures((key, features) =>
        {
            if (key == "train-003")
                features[7, 2] = float.NaN;
        });

        var refused = await TrainAsync("--set", "train.nan=stop");
        var outcome = await TrainAsync();

        refused.Refused("'train-003'", "frame 7", "NaN");
        outcome.Succeeded();
        Assert.Contains("'train-003' is set aside: a feature is not finite: frame 7", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_gzip_of_alignments_names_the_file()
    {
        var bytes = File.ReadAllBytes(_corpus.At("ali/ali.1.gz"));
        bytes.AsSpan(bytes.Length / 2, 40).Fill(0x5a);
        File.WriteAllBytes(_corpus.At("ali/ali.1.gz"), bytes);

        var outcome = await TrainAsync();

        outcome.Refused("ali.1.gz");
    }

    [Fact]
    public async Task Alignments_of_a_bigger_model_are_refused()
    {
        using var bigger = new TinyCorpus(phones: 6);
        var otherIds = RunAsync(
            "--set", $"corpus.train.alignments={bigger.At("ali/ali.*.gz")}", "--set",
            $"corpus.train.transition-model={_corpus.At("ali/final.mdl")}");
        var otherTree = RunAsync(
            "--set", $"output={_corpus.At("exp2")}", "--set", $"corpus.cv.alignments={bigger.At("ali")}", "--set",
            $"corpus.cv.features=scp:{bigger.At("cv/feats.scp")}");

        (await otherIds).Refused("ali.1.gz", "utterance 'train-0", "transition-id from 1 to 24");
        (await otherTree).Refused("set 'cv', utterance 'cv-0", "pdf-id from 0 to 11");
        Assert.Empty(_corpus.Leftovers);
    }

    [Fact]
    public async Task Lengths_within_the_tolerance_are_cut_and_beyond_it_dropped_and_counted()
    {
        _corpus.ChangeAlignments((key, alignment) => key switch
        {
            "train-001" => alignment[..^4],
            "train-002" => alignment[..^5],
            _ => alignment,
        });

        var outcome = await TrainAsync();

        outcome.Succeeded();
        Assert.Contains("1 of 24 utterances dropped", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("train-002", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(1, RunSummary.Read(_corpus.At("exp/summary.json")).Dropped["train"]);
    }

    [Fact]
    public async Task Lengths_that_all_differ_end_the_run()
    {
        _corpus.ChangeAlignments((_, alignment) => alignment[..^9]);

        var outcome = await TrainAsync();

        outcome.Refused("set 'train'", "24 of 24 utterances dropped", "differ in length", "train.max-dropped");
        Assert.Single(outcome.Errors.Split('\n'), line => line.Contains("utterances dropped", StringComparison.Ordinal));
        Assert.Equal(RunStatus.Failed, RunSummary.Read(_corpus.At("exp/summary.json")).Status);
    }

    [Fact]
    public async Task Audio_that_is_missing_or_of_another_rate_is_named_and_the_right_one_trains()
    {
        File.WriteAllText(_corpus.Recipe, _corpus.AudioRecipeText);
        var missing = await TrainAsync();
        _corpus.WriteAudio(8000);
        var wrong = await TrainAsync();
        _corpus.WriteAudio(16000);
        var right = await TrainAsync("--restart");

        AssertFound(missing, "the first recordings cannot be used; utterance 'train-000'", "train-000.wav: no such audio file");
        AssertFound(wrong, "train-000.wav: the audio has 8000 Hz, and features are made for 16000 Hz");
        right.Succeeded();
    }

    // The dry run finds it in both sets.
    private static void AssertFound(MimirProcess.Outcome outcome, params string[] words)
    {
        Assert.Equal(1, outcome.ExitCode);
        Assert.All(words, word => Assert.Contains(word, outcome.Errors, StringComparison.Ordinal));
        Assert.Contains("'corpus.train.dir'", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("'corpus.cv.dir'", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
    }

    private async Task<MimirProcess.Outcome> TrainAsync(params string[] more)
    {
        var outcome = await RunAsync(more);
        Assert.Empty(_corpus.Leftovers);
        return outcome;
    }

    // A run beside others: what they are writing is no leftover until all have ended.
    private Task<MimirProcess.Outcome> RunAsync(params string[] more) =>
        MimirProcess.RunAsync(_corpus.Folder, ["train", _corpus.Recipe, "--set", "train.schedule.constant.epochs=2", .. more]);
}
