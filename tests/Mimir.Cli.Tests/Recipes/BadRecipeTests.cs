using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Recipes;

/// <summary>Recipes that cannot be right end in one line that names the place and the remedy.</summary>
public sealed class BadRecipeTests(BadRecipeTests.Shared shared) : IClassFixture<BadRecipeTests.Shared>
{
    private readonly TinyCorpus _corpus = shared.Corpus;

    [Fact]
    public async Task Train_unknown_key_names_line_and_nearest_key()
    {
        var recipe = _corpus.At("unknown.yaml");
        var text = _corpus.RecipeText.Replace("shuffle-window", "shuffle-windov", StringComparison.Ordinal);
        File.WriteAllText(recipe, text);
        var line = text[..text.IndexOf("shuffle-windov", StringComparison.Ordinal)].Count(c => c == '\n') + 1;

        var outcome = await MimirProcess.RunAsync(_corpus.Folder, "train", recipe);

        outcome.Refused($"{recipe}:{line}", "shuffle-windov", "did you mean 'shuffle-window'");
        Assert.False(Directory.Exists(_corpus.At("exp")));
    }

    [Fact]
    public async Task Train_misspelt_feature_option_names_the_nearest()
    {
        var recipe = _corpus.At("option.yaml");
        File.WriteAllText(recipe, _corpus.AudioRecipeText.Replace("num-mel-bins", "num-mel-bin", StringComparison.Ordinal));

        var outcome = await MimirProcess.RunAsync(_corpus.Folder, "train", recipe);

        outcome.Refused($"{recipe}:9: ", "num-mel-bin", "did you mean 'num-mel-bins'");
    }

    [Theory]
    [InlineData("corpus.train.alignments=gone/ali", "'corpus.train.alignments'", "gone/ali")]
    [InlineData("corpus.train.features=scp:gone.scp", "'corpus.train.features'", "gone.scp")]
    [InlineData("corpus.cv.dir=gone", "'corpus.cv.dir'", "gone")]
    [InlineData("distribute.workers=0", "distribute.workers", "1")]
    [InlineData("train.optimiser.sgd.rate=fast", "rate", "fast")]
    public async Task Train_value_that_cannot_be_names_its_key(string set, params string[] words)
    {
        var outcome = await MimirProcess.RunAsync(_corpus.Folder, "train", _corpus.Recipe, "--set", set);

        outcome.Refused(words);
        Assert.False(Directory.Exists(_corpus.At("exp")));
    }

    [Fact]
    public async Task Train_missing_recipe_or_broken_yaml_names_the_file()
    {
        File.WriteAllText(_corpus.At("broken.yaml"), "name: tiny\ncorpus: {train: [\n");

        var missing = MimirProcess.RunAsync(_corpus.Folder, "train", "gone.yaml");
        var broken = MimirProcess.RunAsync(_corpus.Folder, "train", _corpus.At("broken.yaml"));

        (await missing).Refused("gone.yaml");
        (await broken).Refused($"{_corpus.At("broken.yaml")}:");
    }

    [Fact]
    public async Task Train_folder_that_cannot_be_made_is_named()
    {
        var outcome = await MimirProcess.RunAsync(_corpus.Folder, "train", _corpus.Recipe, "--set", $"output={_corpus.Recipe}/exp");

        outcome.Refused($"{_corpus.Recipe}/exp");
    }

    public sealed class Shared : IDisposable
    {
        public TinyCorpus Corpus { get; } = new();

        public void Dispose() => Corpus.Dispose();
    }
}
