using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;
using Mimir.Train.Surveys;

namespace Mimir.Train.Tests.Surveys;

/// <summary>What a survey takes a folder for, by names and contents.</summary>
public sealed class DataSurveyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sets_are_found_by_name_and_paired_with_the_alignments_of_their_utterances()
    {
        Data("data/train", "a", 4);
        Data("data/train_sp", "a", 4);
        Data("data/train/split2/1", "a", 2);
        Data("data/dev", "d", 2);
        Data("data/eval2000", "e", 2);
        Data("data/other", "o", 2);
        Align("exp/one", "d", 2);
        Align("exp/two", "a", 4);

        var lines = Survey().Lines().ToList();

        Assert.Contains($"train  {At("data/train")}: 4 utterances, features, no audio, text, alignments {At("exp/two")}", lines);
        Assert.Contains($"cv     {At("data/dev")}: 2 utterances, features, no audio, text, alignments {At("exp/one")}", lines);
        Assert.Contains($"test   {At("data/eval2000")}: 2 utterances, features, no audio, text", lines);
        Assert.Contains($"other  {At("data/train_sp")}: not used", lines);
        Assert.Equal(5, lines.Count(line => !line.StartsWith("graph", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_development_set_without_alignments_chooses_weights_and_cross_validation_is_held_out()
    {
        Data("train", "a", 40);
        Data("dev", "d", 2);
        Align("ali", "a", 40);

        StarterRecipe.Write(Survey(), At("mine.yaml"));
        var recipe = RecipeReader.Read(At("mine.yaml")).Recipe;

        Assert.Equal(At("dev"), recipe.Corpus.Dev?.Dir);
        Assert.Equal(At("train"), recipe.Corpus.Cv?.Dir);
        Assert.Equal(["a10", "a30"], File.ReadAllLines(recipe.Corpus.Cv?.Utterances ?? ""));
        Assert.Equal(38, File.ReadAllLines(recipe.Corpus.Train?.Utterances ?? "").Length);
    }

    [Fact]
    public void Damaged_folders_are_left_out_with_the_reason()
    {
        Data("train", "a", 4);
        Data("dev", "d", 2);
        File.WriteAllText(At("dev/text"), "other x\n");
        Align("ali", "a", 4);
        Directory.CreateDirectory(At("ali2"));
        File.WriteAllBytes(At("ali2/ali.1.gz"), [0x1f, 0x8b, 1, 2, 3]);

        var notes = Survey().Notes;

        Assert.Contains(notes, note => note.StartsWith($"{At("dev")} is left out: ", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith($"{At("ali2")} is left out: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("设定三十度", "character")]
    [InlineData("THREE DEGREES", "word")]
    public void The_unit_of_scoring_follows_the_script_of_the_text(string words, string unit)
    {
        Data("my data: train", "a", 40, words);
        Align("ali", "a", 40);
        File.WriteAllText(At("ali/HCLG.fst"), "");
        File.WriteAllText(At("ali/words.txt"), "");

        StarterRecipe.Write(Survey(), At("mine.yaml"));
        var recipe = RecipeReader.Read(At("mine.yaml")).Recipe;

        Assert.Equal(At("my data: train"), recipe.Corpus.Train?.Dir);
        Assert.Equal(unit, recipe.Decode?.Score.Unit.ToString(), ignoreCase: true);
    }

    private DataSurvey Survey() => DataSurvey.Of([_folder.Path]);

    private string At(string name) => _folder.At(name);

    private void Data(string name, string prefix, int count, string words = "x y")
    {
        Directory.CreateDirectory(At(name));
        var ids = Enumerable.Range(0, count).Select(index => $"{prefix}{index:D2}").ToList();
        File.WriteAllLines(At($"{name}/feats.scp"), ids.Select(id => $"{id} {id}.ark:5"));
        File.WriteAllLines(At($"{name}/text"), ids.Select(id => $"{id} {words}"));
    }

    private void Align(string name, string prefix, int count)
    {
        Directory.CreateDirectory(At(name));
        SomeTransitionModel.Make(chain: false).Write(At($"{name}/final.mdl"));
        using var writer = KaldiTables.IntVector.Create($"ark:{At($"{name}/ali.1")}");
        foreach (var index in Enumerable.Range(0, count))
            writer.Write($"{prefix}{index:D2}", [1, 2, 1]);
    }
}
