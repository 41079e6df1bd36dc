using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data.Remote;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Data.Remote;

/// <summary>A corpus in a shared folder.</summary>
public sealed class RemoteCorpusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-shared").FullName;

    public RemoteCorpusTests()
    {
        Directory.CreateDirectory(At("there/train"));
        Directory.CreateDirectory(At("there/cv"));
        Directory.CreateDirectory(At("there/ali"));
        foreach (var file in new[] { "train/wav.scp", "cv/wav.scp", "ali/ali.1.gz", "ali/final.mdl" })
            File.WriteAllText(At($"there/{file}"), $"{file} a.wav\n");
        for (var archive = 0; archive < 3; archive++)
        {
            using var writer = KaldiTables.Matrix.Create($"ark,scp:{At($"there/{archive}.ark")},{At($"there/{archive}.scp")}");
            for (var i = 0; i < 4; i++)
            {
                var matrix = new FloatMatrix(200, 40);
                matrix.Data.AsSpan().Fill((10 * archive) + i);
                writer.Write($"u{archive}{i}", matrix);
            }
        }

        // As a shuffled script: one archive after the other in turns.
        var lines = Enumerable.Range(0, 12).Select(i => File.ReadLines(At($"there/{i % 3}.scp")).ElementAt(i / 3));
        File.WriteAllLines(At("there/feats.scp"), lines.Select(line => line.Replace(At("there/"), "", StringComparison.Ordinal)));
        Nginx.WriteManifest(At("there"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Here_names_the_files_of_the_cache_by_their_own_names()
    {
        var loaded = Load();
        using (var remote = Open(loaded))
        {
            var recipe = remote.Localise(loaded, ["train"]).Recipe;

            var train = recipe.Corpus.Train!;
            Assert.Equal("train/wav.scp a.wav", File.ReadAllText(Path.Combine(train.Dir, "wav.scp")).Trim());
            Assert.Equal("ali/ali.1.gz a.wav", File.ReadAllText(Path.Combine(train.Alignments!, "ali.1.gz")).Trim());
            Assert.Equal(At("run/corpus"), train.Root);
            Assert.Equal("cv", recipe.Corpus.Cv!.Dir);
            Assert.Equal(3, remote.Counters.Misses + remote.Counters.Hits);
        }

        Assert.False(Directory.Exists(At("run/corpus")));
    }

    [Fact]
    public void Matrices_of_a_shuffled_script_come_through_a_cache_that_holds_one_archive()
    {
        var loaded = Load("features: \"scp:feats.scp\", ", gigabytes: 0.00018);
        using var remote = Open(loaded);
        var table = remote.Localise(loaded, ["train"]).Recipe.Corpus.Train!.Features!;

        var wanted = Enumerable.Range(0, 3).SelectMany(archive => new[] { $"u{archive}0", $"u{archive}3" }).ToHashSet();
        var found = remote.Matrices(table, wanted).ToDictionary(pair => pair.Key, pair => pair.Value);

        Assert.Equal(wanted.Order(), found.Keys.Order());
        Assert.All(found, pair => Assert.Equal(int.Parse(pair.Key[1..], null), pair.Value[199, 39]));
        Assert.InRange(new DirectoryInfo(At("cache/files")).EnumerateFiles().Sum(file => file.Length), 1, 180_000);
    }

    [Fact]
    public void Cmvn_of_a_script_is_here_with_its_archives()
    {
        var loaded = Load("cmvn: \"scp:feats.scp\", ");
        using var remote = Open(loaded);

        var table = remote.Localise(loaded, ["train"]).Recipe.Corpus.Train!.Cmvn!;

        Assert.Equal(12, KaldiTables.Matrix.Read(table).Count());
    }

    [Fact]
    public void A_file_may_be_held_by_several_threads_at_once()
    {
        var loaded = Load();
        using var remote = Open(loaded);
        var names = Enumerable.Range(0, 300).Select(i => At($"run/corpus/{i % 3}.ark")).ToList();
        using var files = remote.Prefetch(names);

        Parallel.ForEach(names, new() { MaxDegreeOfParallelism = 4 }, name =>
        {
            using var held = files.Hold(name);
            Assert.Equal((byte)'u', File.ReadAllBytes(name)[0]);
        });

        Assert.False(File.Exists(names[0]));
        Assert.Null(files.Hold(At("run/corpus/unknown.wav")));
        Assert.Null(files.Hold("/elsewhere/a.wav"));
    }

    [Theory]
    [InlineData("source: {0}/there", "source: {0}/nowhere", "corpus.source': {0}/nowhere/SHA256SUMS: no such file")]
    [InlineData("dir: cv", "dir: dev", "corpus.cv.dir': there is no 'dev/wav.scp' in {0}/there/SHA256SUMS")]
    [InlineData("folder: {0}/cache", "folder: {0}/there/feats.scp/x", "corpus.cache.folder': '{0}/there/feats.scp/x' cannot be written")]
    [InlineData("gigabytes: 0.001", "gigabytes: 1000000000", "corpus.cache.gigabytes': the disk of '{0}/cache' has room for")]
    public void Check_and_run_give_one_clear_error(string right, string wrong, string message)
    {
        var text = Text().Replace(Named(right), Named(wrong), StringComparison.Ordinal);
        File.WriteAllText(At("recipe.yaml"), text);

        var finding = Assert.Single(RecipeCheck.Run(At("recipe.yaml"), new() { Environment = _ => null }));
        var error = Record.Exception(() =>
        {
            var loaded = Load(text: text);
            using var remote = Open(loaded);
            remote.Localise(loaded, ["train", "cv"]);
        });

        Assert.Contains(Named(message), finding.ToString(), StringComparison.Ordinal);
        Assert.Contains(Named(message).Split("': ")[1], error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_corpus_that_is_made_here_has_no_source() =>
        Assert.Contains("leave one of 'source' and 'synth' out", Some.ErrorOf(Some.Recipe.Replace(
            "corpus:", "corpus:\n  source: /there\n  synth: {dir: made}", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void Check_a_right_recipe_has_nothing_wrong()
    {
        File.WriteAllText(At("recipe.yaml"), Text());

        Assert.Empty(RecipeCheck.Run(At("recipe.yaml"), new() { Environment = _ => null }));
    }

    private string At(string path) => Path.Combine(_folder, path);

    private string Named(string text) => text.Replace("{0}", _folder, StringComparison.Ordinal);

    private string Text(string more = "", double gigabytes = 0.001) => Some.Recipe
        .Replace("corpus:", Named(FormattableString.Invariant(
            $"corpus:\n  source: {{0}}/there\n  cache: {{folder: {{0}}/cache, gigabytes: {gigabytes}}}")), StringComparison.Ordinal)
        .Replace("dir: data/train", $"{more}dir: train", StringComparison.Ordinal)
        .Replace("dir: data/cv", "dir: cv", StringComparison.Ordinal)
        .Replace("ali_cv", "ali", StringComparison.Ordinal);

    private LoadedRecipe Load(string more = "", double gigabytes = 0.001, string? text = null) =>
        RecipeReader.Parse(text ?? Text(more, gigabytes), "recipe.yaml", new() { Environment = _ => null });

    private RemoteCorpus Open(LoadedRecipe loaded) =>
        RemoteCorpus.Open(loaded.Recipe.Corpus, At("run/corpus"), 0, NullLogger.Instance, TimeProvider.System, default)!;
}
