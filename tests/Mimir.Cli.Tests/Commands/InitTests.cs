using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Commands;

/// <summary>A recipe for one's own data, from what is in a folder.</summary>
public sealed class InitTests : IDisposable
{
    private static readonly string[] Small =
    [
        "--set", "train.schedule={constant: {epochs: 1}}", "--set", "model=[{affine: {dim: 8}}, softmax]", "--set", "train.threads=1",
    ];

    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task The_recipe_of_a_folder_with_all_parts_is_right_and_trains()
    {
        _corpus.WriteAudio(8000);
        _corpus.WriteGraph();

        var made = (await RunAsync("init", _corpus.Folder, "--output", "mine.yaml")).Succeeded();
        var check = RunAsync("recipe", "check", "mine.yaml");
        var train = RunAsync(["train", "mine.yaml", "--no-decode", .. Small]);
        var again = RunAsync("init", _corpus.Folder, "--output", "mine.yaml");

        Assert.Contains($"train  {_corpus.At("train")}: 24 utterances, 8000 Hz, text, alignments", made.Output, StringComparison.Ordinal);
        Assert.Contains($"cv     {_corpus.At("cv")}: 6 utterances", made.Output, StringComparison.Ordinal);
        Assert.Contains($"graph  {_corpus.At("graph")}", made.Output, StringComparison.Ordinal);
        Assert.Contains("sample-frequency: 8000", File.ReadAllText(_corpus.At("mine.yaml")), StringComparison.Ordinal);
        Assert.Contains("nothing is wrong", (await check).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("frame accuracy", (await train).Succeeded().Output, StringComparison.Ordinal);
        (await again).Refused("mine.yaml: is there already");
    }

    [Fact]
    public async Task Features_are_taken_where_the_audio_is_not_there()
    {
        var made = (await RunAsync("init", _corpus.Folder, "--output", "mine.yaml")).Succeeded();

        Assert.Contains("type: given", File.ReadAllText(_corpus.At("mine.yaml")), StringComparison.Ordinal);
        Assert.Contains("train-000.wav: no such audio file", made.Errors, StringComparison.Ordinal);
        (await RunAsync(["train", "mine.yaml", "--no-decode", .. Small])).Succeeded();
    }

    [Fact]
    public async Task One_directory_is_parted_and_what_is_missing_is_named()
    {
        _corpus.WriteAudio(16000);
        var made = (await RunAsync("init", _corpus.At("train"), _corpus.At("ali"), "--output", "mine.yaml")).Succeeded();
        var bare = (await RunAsync("init", _corpus.At("train"), "--output", "bare.yaml")).Succeeded();

        Assert.Equal(23, File.ReadAllLines(_corpus.At("mine.train.list")).Length);
        Assert.Equal(["train-010"], File.ReadAllLines(_corpus.At("mine.cv.list")));
        Assert.Contains("no decoding graph", made.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("no alignments", made.Errors, StringComparison.Ordinal);
        (await RunAsync("recipe", "check", "mine.yaml")).Succeeded();
        Assert.Contains("no alignments were found", bare.Errors, StringComparison.Ordinal);
        (await RunAsync("init", _corpus.At("ali"))).Refused("no Kaldi data directory");
        (await RunAsync("init", _corpus.At("train/text"))).Refused("train/text: this is a file, expected a folder");
        (await RunAsync("init", "none")).Refused("none: there is no such folder");
    }

    private Task<MimirProcess.Outcome> RunAsync(params string[] arguments) => MimirProcess.RunAsync(_corpus.Folder, arguments);
}
