using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Recipes;

/// <summary>A spoken corpus that is there with other options is not replaced without a word.</summary>
public sealed class SpokenCorpusTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task One_of_other_options_is_refused_with_their_names()
    {
        var file = WriteCorpus();

        var outcome = await MimirProcess.RunAsync(_corpus.Folder, "train", _corpus.Recipe);

        outcome.Refused("'corpus.synth'", "seed is 2 there and 1 here", "sample-rate is 8000 there", "--remake", "corpus.synth.dir");
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.False(Directory.Exists(_corpus.At("exp")));
    }

    [Fact]
    public async Task Check_finds_it()
    {
        WriteCorpus();

        var outcome = await MimirProcess.RunAsync(_corpus.Folder, "recipe", "check", _corpus.Recipe);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("seed is 2 there and 1 here", outcome.Errors, StringComparison.Ordinal);
    }

    private string WriteCorpus()
    {
        var spoken = _corpus.At("spoken");
        Directory.CreateDirectory(Path.Combine(spoken, "ali"));
        File.WriteAllText(
            Path.Combine(spoken, "corpus.json"),
            """{"format": 1, "options": {"seed": 2, "sampleRate": 8000}, "pdfCount": 1, "sets": [], "files": {}}""");
        var file = Path.Combine(spoken, "ali", "mine");
        File.WriteAllText(file, "mine");
        File.WriteAllText(_corpus.Recipe, _corpus.RecipeText.Replace("corpus:", $"corpus:\n  synth: {{dir: {spoken}}}"));
        return file;
    }
}
