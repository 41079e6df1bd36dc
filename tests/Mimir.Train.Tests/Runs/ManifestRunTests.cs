using System.Text.Json;
using Mimir.Features.Audio;
using Mimir.Kaldi.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>Runs whose sets are manifests of lhotse.</summary>
public sealed class ManifestRunTests : IDisposable
{
    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Theory]
    [InlineData("memory")]
    [InlineData("stream")]
    public void Execute_gives_the_model_and_the_error_rates_of_the_same_set_as_a_data_directory(string store)
    {
        _toy.WriteAudio();
        var directories = Execute("directories", _toy.Recipe("directories"), store);
        var recipe = _toy.Recipe("manifests");
        foreach (var set in new[] { "train", "cv", "test" })
        {
            WriteCuts(set);
            recipe = recipe.Replace($"dir: {_toy.At(set)}", $"dir: {_toy.At($"{set}.jsonl")}", StringComparison.Ordinal);
        }

        var manifests = Execute("manifests", recipe, store);

        Assert.Equal(Model("directories"), Model("manifests"));
        Assert.Equal(
            directories.Scores.Select(score => (score.Set, score.Counts.Percent)),
            manifests.Scores.Select(score => (score.Set, score.Counts.Percent)));
        Assert.Equal(["cv", "test"], manifests.Scores.Select(score => score.Set));
    }

    private void WriteCuts(string set) => File.WriteAllLines(
        _toy.At($"{set}.jsonl"), DataDirectory.Load(_toy.At(set)).Utterances.Select(CutOf));

    private static string CutOf(Utterance one)
    {
        var info = SoundFile.Info(one.Audio);
        return JsonSerializer.Serialize(new
        {
            id = one.Id,
            start = 0.0,
            duration = info.Duration,
            channel = 0,
            supervisions = new[]
            {
                new { id = $"{one.Id}-s", start = 0.0, duration = info.Duration, channel = 0, text = one.Text, speaker = one.Speaker },
            },
            recording = new
            {
                id = one.Id,
                sources = new[] { new { type = "file", channels = new[] { 0 }, source = one.Audio } },
                sampling_rate = info.SampleRate,
                num_samples = info.Frames,
                duration = info.Duration,
            },
            type = "MonoCut",
        });
    }

    private byte[] Model(string run) => File.ReadAllBytes(_toy.At($"{run}/model/model.safetensors"));

    private static RunResult Execute(string name, string recipe, string store) => TrainingRun.Execute(
        RecipeReader.Parse(recipe, $"{name}.yaml", new()
        {
            Overrides =
            [
                "features={type: fbank, num-mel-bins: 8, dither: 0, cmvn: {per: speaker}, splice: {left: 1, right: 1}}",
                $"train.store={store}",
            ],
        }),
        new(), new Quiet(), TimeProvider.System, CancellationToken.None);

    private sealed class Quiet : ITrainingProgress
    {
        public void Report(ProgressEvent progress)
        {
        }

        public void Say(string line)
        {
        }
    }
}
