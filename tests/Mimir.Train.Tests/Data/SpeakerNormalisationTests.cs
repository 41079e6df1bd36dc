using Mimir.Base;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data;

public sealed class SpeakerNormalisationTests
{
    [Theory]
    [InlineData(CmvnScope.Speaker)]
    [InlineData(CmvnScope.Utterance)]
    [InlineData(CmvnScope.Global)]
    public void Apply_brings_mean_and_variance_of_each_group_to_0_and_1(CmvnScope scope)
    {
        var set = Some(("a1", "a", 3), ("b1", "b", 100), ("a2", "a", -7));

        new SpeakerNormalisation(new() { Per = scope, NormVars = true }).Apply(set, null);

        var groups = set.Matrices.Zip(set.Utterances).GroupBy(entry => scope switch
        {
            CmvnScope.Speaker => entry.Second.Speaker,
            CmvnScope.Utterance => entry.Second.Id,
            _ => "",
        });
        Assert.Equal(scope switch { CmvnScope.Speaker => 2, CmvnScope.Utterance => 3, _ => 1 }, groups.Count());
        foreach (var group in groups)
        {
            var values = group.SelectMany(entry => entry.First.Data).ToList();
            Assert.Equal(0, values.Average(), 1e-5);
            Assert.Equal(1, values.Average(value => value * value), 1e-4);
        }
    }

    [Fact]
    public void Apply_uses_the_training_sets_statistics_for_the_other_sets()
    {
        var normalisation = new SpeakerNormalisation(new() { Per = CmvnScope.Global });
        normalisation.Apply(Some(("a1", "a", 3)), null);
        var other = Some(("b1", "b", 103));

        normalisation.Apply(other, null);

        Assert.Equal(100, other.Matrices[0].Data.Average(), 1e-3);
    }

    [Fact]
    public void Apply_without_a_scope_changes_nothing()
    {
        var set = Some(("a1", "a", 3));

        new SpeakerNormalisation(new() { Per = CmvnScope.None, NormVars = true }).Apply(set, null);

        Assert.Equal(Some(("a1", "a", 3)).Matrices[0].Data, set.Matrices[0].Data);
    }

    [Fact]
    public void Apply_names_the_speaker_that_given_statistics_lack()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "a  [\n 30 10\n 1000 0 ]\n");
            var normalisation = new SpeakerNormalisation(new());

            normalisation.Apply(Some(("a1", "a", 3)), $"ark:{path}");
            var error = Assert.Throws<InputException>(() => normalisation.Apply(Some(("b1", "b", 3)), $"ark:{path}"));

            Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static SetFeatures Some(params (string Id, string Speaker, float Mean)[] utterances) => new(
        [.. utterances.Select(utterance => new Utterance(utterance.Id, utterance.Speaker, "", null, null, null))],
        [.. utterances.Select(utterance => new FloatMatrix(8, 1, [.. Enumerable.Range(0, 8).Select(t => utterance.Mean + t - 3.5f)]))],
        utterances.Length,
        []);
}
