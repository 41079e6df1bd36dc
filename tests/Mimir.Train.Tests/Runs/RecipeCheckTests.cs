using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

public sealed class RecipeCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-recipe").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_missing_files_are_found_with_their_lines()
    {
        var file = Write(Some.Recipe + "\ndecode: {graph: graph, score: {lexicon: lexicon.txt}}\n");
        Make("data/train");
        Make("ali");

        var findings = RecipeCheck.Run(file, Options()).Select(finding => finding.ToString()).ToList();

        Assert.Equal(
            [
                $"{file}:4: 'corpus.cv.dir': there is no folder '{Full("data/cv")}'",
                $"{file}:4: 'corpus.cv.alignments': there is no folder '{Full("ali_cv")}'",
                $"{file}:8: 'decode.graph': there is no folder '{Full("graph")}'",
                $"{file}:8: 'decode.score.lexicon': there is no file '{Full("lexicon.txt")}'",
                $"{file}:3: 'corpus.train.dir': {Full("data/train")}: a data directory has wav.scp or feats.scp, this one has neither.",
                $"{file}:3: 'corpus.train.alignments': {Full("ali")}: no alignments; expected a folder with ali.1.gz, ali.2.gz ..., a "
                    + "pattern, or an archive.",
            ],
            findings);
    }

    [Fact]
    public void Run_what_lies_in_a_corpus_yet_to_be_made_is_not_missed()
    {
        var file = Write(Some.Recipe.Replace("corpus:", $"corpus:\n  synth: {{dir: {Full("data")}, voices: 3}}")
            .Replace("alignments: ali_cv", "alignments: data/ali_cv").Replace("alignments: ali}", "alignments: data/ali}"));

        var findings = RecipeCheck.Run(file, Options());

        Assert.Empty(findings);
        Assert.Equal("3", RecipeReader.Read(file, Options()).Recipe.Corpus.Synth?.Options["voices"]);
    }

    [Fact]
    public void Run_a_wrong_recipe_gives_all_problems_and_missing_files_instead_of_an_exception()
    {
        var file = Write(Some.Recipe + "\ntrain: {batch: {frames: x}, devise: cpu}\n");

        var findings = RecipeCheck.Run(file, Options());

        Assert.Equal(
            [
                "train.batch.frames", "train.devise", "corpus.train.dir", "corpus.train.alignments", "corpus.cv.dir",
                "corpus.cv.alignments",
            ],
            findings.Select(finding => finding.Path));
    }

    private string Full(string path) => Path.Combine(_folder, path);

    private void Make(string folder) => Directory.CreateDirectory(Full(folder));

    private static RecipeReaderOptions Options() => new() { Environment = _ => null };

    private string Write(string text)
    {
        foreach (var path in new[] { "data/train", "data/cv", "data/ali_cv", "data/ali", "ali_cv", "ali", "graph", "lexicon.txt" })
            text = text.Replace($": {path}", $": {Full(path)}");
        var file = Full("toy.yaml");
        File.WriteAllText(file, text);
        return file;
    }
}
