using Mimir.Base;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;

namespace Mimir.Gmm.Tests.Trees;

public sealed class TreeQuestionsTests : IDisposable
{
    private static readonly HmmTopology Topology = new([new([1, 2, 3],
        [new(0, 0, [new(0, 0.5f), new(1, 0.5f)]), new(1, 1, [new(1, 0.5f), new(2, 0.5f)]), new(-1, -1, [])])]);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compile_sorts_questions_once_each_and_asks_about_states()
    {
        var warnings = new List<string>();

        var questions = TreeQuestions.Compile(
            Topology, [[2], [3, 1], [1, 3]], 3, 0, TreeLog.None with { Warning = warnings.Add });

        Assert.Equal([-1, 0, 1, 2], questions.ByKey.Keys);
        Assert.Equal([[1, 3], [2]], questions.ByKey[2].Sets);
        Assert.Equal([[0]], questions.ByKey[-1].Sets);
        Assert.Equal("1 duplicate questions present", Assert.Single(warnings));
    }

    [Fact]
    public void Compile_of_unknown_or_repeated_phones_is_refused()
    {
        Assert.Throws<InputException>(() => TreeQuestions.Compile(Topology, [[1, 2, 3], [4]], 3, 0, TreeLog.None));
        Assert.Throws<InputException>(() => TreeQuestions.Compile(Topology, [[1, 2, 3], [1, 1]], 3, 0, TreeLog.None));
    }

    [Fact]
    public void Read_gives_back_what_was_written_and_survives_damage()
    {
        var questions = TreeQuestions.Compile(Topology, [[1], [2, 3]], 1, 4, TreeLog.None);
        questions.Write(_folder.At("text"), binary: false);
        questions.Write(_folder.At("binary"));

        TreeQuestions.Read(_folder.At("binary")).Write(_folder.At("again"), binary: false);

        Assert.Equal(File.ReadAllText(_folder.At("text")), File.ReadAllText(_folder.At("again")));
        Fuzzer.Run("tree questions text", File.ReadAllBytes(_folder.At("text")), path => TreeQuestions.Read(path));
        Fuzzer.Run("tree questions", File.ReadAllBytes(_folder.At("binary")), path => TreeQuestions.Read(path));
    }

    [Theory]
    [InlineData("shared split 1 2\nnot-shared not-split 3\n", null)]
    [InlineData("shared split 1 1\n", ":1: ")]
    [InlineData("shared split 1\nshared 2\n", ":2: ")]
    [InlineData("shared split x\n", "'x'")]
    [InlineData("", "none")]
    public void ReadRoots_names_the_line(string text, string? wrong)
    {
        var path = _folder.Write("roots", text);
        if (wrong is null)
            Assert.Equal([(true, true), (false, false)], PhoneSets.ReadRoots(path).Select(root => (root.IsShared, root.IsSplit)));
        else
            Assert.Contains(wrong, Assert.Throws<InputException>(() => PhoneSets.ReadRoots(path)).Message, StringComparison.Ordinal);
    }
}
