using Mimir.Features.Audio;
using Mimir.Kaldi.Data;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data;

public sealed class FeatureSourceTests : IDisposable
{
    private readonly string _wave = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".wav");

    [Theory]
    [InlineData("mfcc", "{}", 16)]
    [InlineData("mfcc", "{add-raw-log-pitch: true}", 17)]
    [InlineData("fbank", "{add-delta-pitch: false, max-f0: 500}", 25)]
    public void Read_puts_pitch_behind_the_features(string type, string pitch, int dimension)
    {
        var recipe = RecipeReader.Parse(
            Some.Recipe + $"\nfeatures: {{type: {type}, sample-frequency: 8000, snip-edges: false, pitch: {pitch}}}\n",
            "toy.yaml",
            new() { Environment = _ => null }).Recipe;
        SoundFile.WriteWav(_wave, [.. Enumerable.Range(0, 4000).Select(i => (short)(i % 50 * 200))], 8000);

        var source = new FeatureSource(recipe.Features, seed: 1, threads: 1);
        var features = source.Read(new CorpusSet { Dir = "." }, [new Utterance("u", "s", _wave, null, null, null)], _ => { }, default);

        var matrix = Assert.Single(features.Matrices);
        Assert.Equal((50, dimension), (matrix.Rows, matrix.Columns));
    }

    public void Dispose() => File.Delete(_wave);
}
