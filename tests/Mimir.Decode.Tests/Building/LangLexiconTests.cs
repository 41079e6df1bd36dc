using Mimir.Base;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Tests.Building;

public sealed class LangLexiconTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_takes_lists_from_the_folder_or_its_phones_and_replaces_unknown_words()
    {
        Make();
        _folder.Write("oov.int", "3\n");
        Directory.CreateDirectory(_folder.At("phones"));
        File.WriteAllText(_folder.At("phones/disambig.int"), "4\n5\n");
        _folder.Write("optional_silence.int", "1\n");

        var language = LangLexicon.Read(_folder.At(""));

        Assert.Equal([4, 5], language.Disambiguation);
        Assert.Equal([1], language.OptionalSilence);
        Assert.Equal("<unk>", language.UnknownWord);
        var (labels, lacking) = language.Find(" one two  three ");
        Assert.Equal([1, 2, 3], labels);
        Assert.Equal(["three"], lacking);
    }

    [Fact]
    public void Find_leaves_words_out_where_there_is_none_for_unknown_ones()
    {
        Make();

        var (labels, lacking) = LangLexicon.Read(_folder.At("")).Find("one four");

        Assert.Equal([1], labels);
        Assert.Equal(["four"], lacking);
    }

    [Fact]
    public void Read_says_which_file_is_missing_or_wrong()
    {
        Assert.Throws<InputException>(() => LangLexicon.Read(_folder.At("none")));
        Make();
        _folder.Write("disambig.int", "4 x\n");
        var error = Assert.Throws<InputException>(() => LangLexicon.Read(_folder.At("")));
        Assert.EndsWith("disambig.int:1: expected numbers of the symbol table, got 'x'", error.Message, StringComparison.Ordinal);
    }

    private void Make()
    {
        _folder.Write("words.txt", "<eps> 0\none 1\ntwo 2\n<unk> 3\n");
        _folder.Write("phones.txt", "<eps> 0\nsil 1\n#0 4\n#1 5\n");
        var lexicon = new VectorFst { Start = 0 };
        lexicon.AddState();
        lexicon.SetFinal(0);
        FstWriter.Write(_folder.At("L.fst"), lexicon);
    }
}
