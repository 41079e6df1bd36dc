using System.Text;
using Mimir.Base;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Evaluation;

public sealed class SetTranscriptsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-transcripts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_texts_of_a_set_have_the_encoding_that_the_recipe_names()
    {
        File.WriteAllText(Path.Combine(_folder, "wav.scp"), "u1 u1.wav\n");
        File.WriteAllText(Path.Combine(_folder, "utt2spk"), "u1 s\n");
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("gbk")!;
        File.WriteAllBytes(Path.Combine(_folder, "text"), gbk.GetBytes("u1 今天 天气 不错 我们 出去\n"));
        var set = new CorpusSet { Dir = _folder };

        var refusal = Assert.Throws<InputException>(() => SetTranscripts.Read(new(), set));
        var read = SetTranscripts.Read(new(), set with { Encoding = "gbk" });

        Assert.Contains("encoding: gbk", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("今天 天气 不错 我们 出去", read.References["u1"]);
    }
}
