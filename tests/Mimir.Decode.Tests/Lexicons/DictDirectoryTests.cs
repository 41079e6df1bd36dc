using Mimir.Base;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;

namespace Mimir.Decode.Tests.Lexicons;

/// <summary>Folders with a lexicon and the lists beside it.</summary>
public sealed class DictDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_takes_the_lexicon_with_the_most_columns_and_the_lists()
    {
        _folder.Write("lexicon.txt", "x A\n");
        _folder.Write("lexiconp.txt", "x 1 A\n");
        _folder.Write("lexiconp_silprob.txt", "x 1 0.25 1.5 0.5 A\n");
        _folder.Write("silprob.txt", "<s> 0.99\n</s>_s 2.5\n</s>_n 0.5\noverall 0.2\n");
        _folder.Write("silence_phones.txt", "SIL\nSPN NSN\n");
        _folder.Write("nonsilence_phones.txt", "A\nB0 B1\n");
        _folder.Write("optional_silence.txt", "SIL\n");
        _folder.Write("extra_questions.txt", "A B0\n");

        var dict = DictDirectory.Read(_folder.Path);

        Assert.Equal(new SentenceSilence(0.99, 2.5, 0.5), dict.Sentence);
        Assert.Equal(new WordSilence(0.25, 1.5, 0.5), dict.Lexicon.Entries[0].Silence);
        Assert.Equal(["SIL", "SPN", "NSN"], dict.Inventory.SilencePhones);
        Assert.Equal(["A", "B0", "B1"], dict.Inventory.SpeechPhones);
        Assert.True(DictDirectory.IsOne(_folder.Path));
    }

    [Fact]
    public void Inventory_of_a_lexicon_groups_tones_and_takes_marks_for_silence()
    {
        var lexicon = Lexicon.Read(_folder.Write("lexicon.txt", "<SIL> SIL\n[noise] NSN\n!HM A1\nab A1 B\nac A2 C\n"));

        var inventory = PhoneInventory.Of(lexicon);

        Assert.Equal("SIL NSN", string.Join(' ', inventory.SilencePhones));
        Assert.Equal("A1 A2|B|C", string.Join('|', inventory.Speech.Select(group => string.Join(' ', group))));
        Assert.Equal("SIL NSN|B C|A1|A2", string.Join('|', inventory.ExtraQuestions.Select(group => string.Join(' ', group))));
    }

    [Theory]
    [InlineData("optional_silence.txt", "A\n", "expected one phone of silence_phones.txt")]
    [InlineData("nonsilence_phones.txt", "A\nSIL\n", "expected each phone once, 'SIL' comes again")]
    [InlineData("extra_questions.txt", "A Q\n", "expected phones, got 'Q', which is none")]
    [InlineData("lexicon.txt", null, "no lexicon; expected lexicon.txt or lexiconp.txt there")]
    public void Damaged_folders_are_refused(string name, string? text, string message)
    {
        _folder.Write("lexicon.txt", "x A\n");
        _folder.Write("silence_phones.txt", "SIL\n");
        _folder.Write("nonsilence_phones.txt", "A\n");
        _folder.Write("optional_silence.txt", "SIL\n");
        if (text is null)
            File.Delete(_folder.At(name));
        else
            _folder.Write(name, text);

        Assert.Contains(message, Assert.ThrowsAny<Exception>(() => DictDirectory.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Phones_of_a_model_keep_their_numbers()
    {
        var phones = SymbolTable.Read(_folder.Write("phones.txt", "<eps> 0\nSIL 1\nSIL_S 2\nA_B 3\nA_E 4\nA_S 5\nZ_S 9\n#0 10\n"));
        phones.TryAdd("SIL_B", 6);
        phones.TryAdd("SIL_E", 7);
        phones.TryAdd("SIL_I", 8);
        phones.TryAdd("A_I", 20);
        var dict = DictDirectory.Read(_folder.Write("lexicon.txt", "x A\nxx A A\n"));

        var lang = LangBuilder.Build(dict, new() { PositionDependentPhones = true }, phones);

        Assert.True(lang.IsPositionDependent);
        Assert.Equal(["0 <eps>", "1 SIL", "3 A_B", "20 A_I", "21 #0", "22 #1"], ((string[])["<eps>", "SIL", "A_B", "A_I", "#0", "#1"])
            .Select(phone => $"{lang.Phones.Find(phone)} {phone}"));
        var refusal = Assert.Throws<InputException>(() =>
            LangBuilder.Build(DictDirectory.Read(_folder.Write("lexicon.txt", "y B\n")), phones: phones));
        Assert.Contains("has the phone 'B', which the model does not know", refusal.Message, StringComparison.Ordinal);
    }
}
