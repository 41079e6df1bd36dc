using System.IO.Compression;
using Mimir.Base;
using Mimir.Kaldi.Data;

namespace Mimir.Kaldi.Tests.Data;

public sealed class LhotseManifestTests : IDisposable
{
    private const string Recording = """
        {"id": "rec1", "sources": [{"type": "file", "channels": [0, 1], "source": "a/rec1.wav"}], "sampling_rate": 16000,
         "num_samples": 160000, "duration": 10.0, "channel_ids": [0, 1]}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-lhotse-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_takes_a_cut_of_one_supervision_by_the_name_of_the_cut()
    {
        var path = Write("cuts.jsonl.gz", Cut("c1", 1.5, 2, Spoken("s1", 0, 2, "hello there", "ann")));

        var utterance = Assert.Single(DataDirectory.Load(path, "/audio").Utterances);

        Assert.Equal(
            new("c1", "ann", "/audio/a/rec1.wav", 1.5, 3.5, "hello there") { Recording = "rec1", Channel = 1 }, utterance);
    }

    [Fact]
    public void Load_takes_the_supervisions_of_a_longer_cut_and_leaves_out_silence()
    {
        var path = Write(
            "cuts.jsonl", Cut("c1", 1, 8, Spoken("s1", 0.5, 2, "one", "ann"), Spoken("s2", 4, 1, "two", "bob")), Cut("c2", 9, 1));

        var utterances = DataDirectory.Load(path).Utterances;

        Assert.Equal([("s1", 1.5, 3.5, "one"), ("s2", 5, 6, "two")], utterances.Select(one => (one.Id, one.Start, one.End, one.Text)));
    }

    [Fact]
    public void Load_takes_a_cut_of_the_whole_recording_without_times()
    {
        var path = Write("cuts.jsonl", Cut("c1", 0, 10, Spoken("s1", 0, 10, "all", "ann")));

        var utterance = Assert.Single(DataDirectory.Load(path).Utterances);

        Assert.Null(utterance.Start);
        Assert.Null(utterance.End);
    }

    [Fact]
    public void Load_joins_supervisions_with_the_recordings_beside_them()
    {
        Write("x_recordings_train.jsonl.gz", Recording);
        var spoken = Spoken("s1", 2, 3, "words", "ann").Replace("{", """{"recording_id": "rec1", """, StringComparison.Ordinal);
        var path = Write("x_supervisions_train.jsonl.gz", spoken);

        var utterance = Assert.Single(DataDirectory.Load(path).Utterances);

        Assert.Equal(("s1", 2.0, 5.0, "a/rec1.wav"), (utterance.Id, utterance.Start, utterance.End, utterance.Audio));
    }

    [Theory]
    [InlineData("{\"id\": 1", ":1: expected a line of JSON")]
    [InlineData("{\"id\": \"c\"}", ":1: expected a cut or a supervision of lhotse, with all its fields")]
    [InlineData("{\"id\": \"c\", \"type\": \"MixedCut\"}", ":1: cut 'c' is a MixedCut, which is not audio as it was recorded")]
    [InlineData(
        "{\"id\": \"c\", \"supervisions\": [], \"recording\": {\"id\": \"r\", \"transforms\": [{\"name\": \"Speed\"}]}}",
        ":1: recording 'r' is changed by Speed")]
    [InlineData("{\"id\": \"s\", \"recording_id\": \"r\"}", "supervisions need the recordings beside them")]
    public void Load_says_where_a_manifest_is_wrong(string line, string expected)
    {
        var path = Write("cuts.jsonl", line);

        var error = Assert.ThrowsAny<Exception>(() => DataDirectory.Load(path));

        Assert.True(error is InputException or FileNotFoundException);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_refuses_a_name_that_comes_twice()
    {
        var cut = Cut("c1", 0, 10, Spoken("s1", 0, 10, "all", "ann"));

        var error = Assert.Throws<InputException>(() => DataDirectory.Load(Write("cuts.jsonl", cut, cut)));

        Assert.Contains("utterance 'c1' comes twice", error.Message, StringComparison.Ordinal);
    }

    private static string Spoken(string id, double start, double duration, string text, string speaker) => FormattableString.Invariant(
        $$"""{"id": "{{id}}", "start": {{start}}, "duration": {{duration}}, "channel": 1, "text": "{{text}}", "speaker": "{{speaker}}"}""");

    private static string Cut(string id, double start, double duration, params string[] spoken) => FormattableString.Invariant(
        $$"""{"id": "{{id}}", "start": {{start}}, "duration": {{duration}}, "channel": 1, "type": "MonoCut", """)
        + $$"""
        "supervisions": [{{string.Join(", ", spoken)}}], "recording": {{Recording}} }
        """;

    private string Write(string name, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        using Stream file = File.Create(path);
        using var text = new StreamWriter(
            name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file);
        foreach (var line in lines)
            text.WriteLine(line.ReplaceLineEndings(" "));

        return path;
    }
}
