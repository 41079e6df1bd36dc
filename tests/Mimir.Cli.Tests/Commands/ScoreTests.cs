using System.IO.Compression;
using System.Text;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Commands;

public sealed class ScoreTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task Score_says_what_it_left_out()
    {
        Write("ref", "u1 a b c\nu2 d e\nu3 f\nu4\n");
        Write("hyp", "u1\nu2 d <UNK> E\nu4 x\nu9 y\n");

        var outcome = await RunAsync("--ignore", "<UNK>");

        Assert.Contains("%WER 100.00 [ 6 / 6, 1 ins, 4 del, 1 sub ] [PARTIAL]", outcome.Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("1 reference has no hypothesis and is counted as deleted (u3)", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("1 hypothesis has no reference and is left out (u9)", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("1 ignored words are taken out", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("1 of the errors are differences of case", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_refuses_what_has_no_error_rate()
    {
        Write("ref", "u1\n");
        Write("hyp", "u1 a\n");

        (await RunAsync()).Refused("the references have not one word");
        Write("hyp", "");
        (await RunAsync()).Refused("there is no hypothesis");
        Write("ref", "u1 a\nu2 b\n");
        Write("utt2spk", "u1 anna\n");
        (await RunAsync("--utt2spk", _corpus.At("utt2spk"))).Refused("a speaker for each utterance", "'u2'");
    }

    [Fact]
    public async Task Score_reads_other_encodings_when_they_are_named()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("gbk")!;
        Write("ref", "u1 今 天 天 气\n");
        File.WriteAllBytes(_corpus.At("hyp"), gbk.GetBytes("u1 今 天 天 汽\n"));

        (await RunAsync("--unit=Character")).Refused("hyp:1:", "UTF-8", "GBK", "--encoding gbk");
        var read = await RunAsync("--unit=Character", "--encoding", "gbk");
        (await RunAsync("--encoding", "klingon")).Refused("'klingon'", "big5");

        Assert.Contains("%CER 25.00 [ 1 / 4, 0 ins, 0 del, 1 sub ]", read.Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_reads_compressed_transcripts()
    {
        using (var gzip = new GZipStream(File.Create(_corpus.At("ref.gz")), CompressionMode.Compress))
            gzip.Write("u1 a b\n"u8);

        Write("hyp", "u1 a c\n");

        var read = await MimirProcess.RunAsync(_corpus.Folder, "score", _corpus.At("ref.gz"), _corpus.At("hyp"));

        Assert.Contains("%WER 50.00 [ 1 / 2, 0 ins, 0 del, 1 sub ]", read.Succeeded().Output, StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(_corpus.At(name), text);

    private Task<MimirProcess.Outcome> RunAsync(params string[] options) =>
        MimirProcess.RunAsync(_corpus.Folder, ["score", _corpus.At("ref"), _corpus.At("hyp"), .. options]);
}
