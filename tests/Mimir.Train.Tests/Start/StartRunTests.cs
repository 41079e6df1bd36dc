using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;
using Mimir.Train.Start;

namespace Mimir.Train.Tests.Start;

/// <summary>From audio and text to alignments and words: the alignments are compared with what was played.</summary>
public sealed class StartRunTests : IDisposable
{
    private static readonly string[] Words = ["ba", "du", "ko"];

    private readonly ToneCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [InlineData("network")]
    [InlineData("gaussians")]
    public void Alignments_tree_and_graph_come_from_audio_and_text(string by)
    {
        var recipe = Read($"{{lexicon: {_corpus.At("lexicon.txt")}, by: {by}, rounds: 3, leaves: 24, gaussians: 60, order: 2}}");

        Ensure(recipe);
        var agreement = Agreement("train");
        var result = TrainingRun.Execute(recipe, new(), SilentProgress.Instance, TimeProvider.System, CancellationToken.None);

        Assert.True(agreement > 0.85, $"{agreement:0.000} of the frames are of the word that was played");
        Assert.Equal("", File.ReadAllText(At("unaligned.txt")));
        Assert.Equal(0, result.Scores.Single(score => score.Set == "test").Counts.Errors);
    }

    [Fact]
    public void A_start_is_made_once_and_other_values_are_refused()
    {
        var text = $"{{lexicon: {_corpus.At("lexicon.txt")}, rounds: 1, leaves: 12}}";
        Ensure(Read(text));
        var made = File.GetLastWriteTimeUtc(At("final.mdl"));
        Ensure(Read(text));

        var refusal = Assert.Throws<InputException>(() => Ensure(Read(text.Replace("leaves: 12", "leaves: 13", StringComparison.Ordinal))));

        Assert.Equal(made, File.GetLastWriteTimeUtc(At("final.mdl")));
        Assert.Contains("start.leaves is 12 there and 13 here", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--remake", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_is_missing_is_made_from_those_that_are_there()
    {
        var recipe = Read($"{{lexicon: {_corpus.At("lexicon.txt")}, by: network, rounds: 1, leaves: 12}}");
        Ensure(recipe);
        var before = File.ReadAllBytes(At("ali/train/ali.1.gz"));
        File.Delete(At("final.mdl"));
        Directory.Delete(At("graph"), recursive: true);
        Directory.Delete(At("work/02"), recursive: true);
        Directory.CreateDirectory(At("ali.tmp"));

        Ensure(recipe);

        Assert.Equal(before, File.ReadAllBytes(At("ali/train/ali.1.gz")));
        Assert.True(File.Exists(At("graph/HCLG.fst")));
        Assert.True(File.Exists(At("final.mdl")));
    }

    [Fact]
    public void A_lexicon_without_the_words_is_refused()
    {
        File.WriteAllText(_corpus.At("lexicon.txt"), "other o\n");
        var recipe = Read($"{{lexicon: {_corpus.At("lexicon.txt")}}}");

        var refusal = Assert.Throws<InputException>(() => Ensure(recipe));

        Assert.Contains("words of the transcripts", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_somebody_else_is_left_as_it_is()
    {
        Directory.CreateDirectory(At(""));
        File.WriteAllText(At("thesis.tex"), "");

        var refusal = Assert.Throws<IOException>(() => Ensure(Read("{lexicon: {units: letter}}")));

        Assert.Contains("thesis.tex", refusal.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(At("")));
    }

    [Fact]
    public void Words_are_spelled_where_there_is_no_lexicon()
    {
        Ensure(Read("{lexicon: {units: letter}, rounds: 1, leaves: 12}"));

        var words = SymbolTable.Read(At("graph/words.txt"));
        var phones = SymbolTable.Read(At("lang/phones.txt"));

        Assert.All(Words, word => Assert.True(words.Find(word) > 0));
        Assert.All(["b", "a", "d", "u", "k", "o"], phone => Assert.True(phones.Find(phone) > 0));
    }

    private string At(string name) => _corpus.At(Path.Combine("run-start", name));

    private LoadedRecipe Read(string start) => RecipeReader.Parse(_corpus.Recipe(start), "tones.yaml");

    private static void Ensure(LoadedRecipe recipe) => StartRun.Ensure(
        recipe, remake: false, RunLogging.None, SilentProgress.Instance, TimeProvider.System, CancellationToken.None);

    // The share of frames within words whose phone is of the word that was played; letters name words here.
    private double Agreement(string set)
    {
        var model = TransitionModel.Read(At("final.mdl"));
        var phones = SymbolTable.Read(At("lang/phones.txt"));
        var alignments = KaldiTables.IntVector.Read($"ark:{At($"ali/{set}/ali.1.gz")}").ToDictionary();
        var (right, all) = (0, 0);
        foreach (var (id, truth) in _corpus.Truth.Where(entry => entry.Key.StartsWith(set, StringComparison.Ordinal)))
        {
            var transitions = alignments[id];
            for (var frame = 0; frame < Math.Min(truth.Length, transitions.Length); frame++)
            {
                if (truth[frame] < 0)
                    continue;

                all++;
                right += Words[truth[frame]].Contains(phones.SymbolOf(model.PhoneOf(transitions[frame])), StringComparison.Ordinal) ? 1 : 0;
            }
        }

        return (double)right / all;
    }
}
