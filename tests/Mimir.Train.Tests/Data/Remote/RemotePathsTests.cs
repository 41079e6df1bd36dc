using Mimir.Base;
using Mimir.Train.Data.Remote;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data.Remote;

public sealed class RemotePathsTests
{
    private static readonly string[] Files =
    [
        "train/wav.scp", "train/text", "train/utt2spk", "train/notes.txt", "train/deeper/text", "ali/ali.1.gz", "ali/ali.2.gz",
            "ali/final.mdl",
        "ali/log", "post.scp", "feats.ark", "feats.scp", "wav/a.wav",
    ];

    [Fact]
    public void Of_takes_lists_alignments_and_tables_and_leaves_audio_and_archives_of_features()
    {
        var set = new CorpusSet { Dir = "./train/", Alignments = "ali", Features = "ark:feats.ark", Targets = "scp,p:post.scp" };

        Assert.Equal(
            ["ali/ali.1.gz", "ali/ali.2.gz", "ali/final.mdl", "post.scp", "train/text", "train/utt2spk", "train/wav.scp"],
            Of(set));
    }

    [Theory]
    [InlineData("ali/ali.2.gz", "ali/ali.2.gz ali/final.mdl")]
    [InlineData("ali/ali.?.gz", "ali/ali.1.gz ali/ali.2.gz ali/final.mdl")]
    [InlineData("ark:post.ark", "post.ark")]
    [InlineData("ark:gunzip -c post.ark.gz |", "")]
    [InlineData("/there/ali", "")]
    [InlineData("other", "other/ali.*")]
    public void Of_alignments_are_a_folder_a_pattern_a_file_or_a_table(string alignments, string expected)
    {
        var set = new CorpusSet { Dir = "/data/train", Alignments = alignments };

        Assert.Equal(expected, string.Join(' ', Of(set)));
    }

    [Fact]
    public void Of_a_folder_that_the_corpus_lacks_is_named_by_its_first_file() =>
        Assert.Equal(["dev/wav.scp"], Of(new CorpusSet { Dir = "dev" }));

    [Theory]
    [InlineData("a//b/./c/", "a/b/c")]
    [InlineData("a/../b", "b")]
    [InlineData(".", "")]
    [InlineData("/a/b", null)]
    public void Normal_is_as_the_manifest_has_it(string path, string? expected) => Assert.Equal(expected, RemotePaths.Normal(path));

    [Fact]
    public void Normal_refuses_what_leads_out_of_the_corpus() =>
        Assert.Throws<InputException>(() => RemotePaths.Normal("a/../../b"));

    private static string[] Of(CorpusSet set) =>
        [.. new RemotePaths(Files.ToDictionary(file => file, _ => "")).Of(set).Select(file => file.Path).Order(StringComparer.Ordinal)];
}
