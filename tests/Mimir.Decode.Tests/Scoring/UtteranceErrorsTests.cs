using Mimir.Base;
using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class UtteranceErrorsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_gives_back_what_a_report_holds()
    {
        var references = new Dictionary<string, string> { ["u2"] = "一 二 三", ["u1"] = "四", ["u3"] = "五 六" };
        var hypotheses = new Dictionary<string, string> { ["u2"] = "一 三 三 三", ["u1"] = "", ["u3"] = "#csid 六" };
        var sheet = ScoreSheet.Score(references, hypotheses, new ScoreOptions());
        File.WriteAllText(_file, ScoreReport.PerUtterance(sheet));

        var read = UtteranceErrors.Read(_file);

        Assert.Equal(sheet.Utterances.Select(utterance => KeyValuePair.Create(utterance.Utterance, utterance.Counts)), read);
    }

    [Theory]
    [InlineData("u1 #csid 1 2 3\n", ":1: expected 'utterance #csid")]
    [InlineData("u1 #csid 1 2 3 4\nu1 #csid 1 2 3 x\n", ":2: expected 'utterance #csid")]
    [InlineData("u1 #csid 1 2 3 4\nu1 #csid 1 2 3 4\n", ":2: expected each utterance once")]
    [InlineData("u1 ref a\n", "got none")]
    public void Read_refuses_what_is_no_report_with_its_place(string text, string message)
    {
        File.WriteAllText(_file, text);

        var error = Assert.Throws<InputException>(() => UtteranceErrors.Read(_file));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => UtteranceErrors.Read(_file + ".gone"));
    }
}
