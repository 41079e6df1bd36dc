using Mimir.Base;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;
using Xunit.Abstractions;

namespace Mimir.Decode.Tests.Building;

/// <summary>Lang directories against those that Kaldi's scripts made.</summary>
public sealed class LangBuilderTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void Build_of_aishells_dictionary_writes_the_files_of_prepare_lang()
    {
        var dict = SharedData.At("corpora/aishell-sample/dict");
        var lang = LangBuilder.Build(
            Lexicon.Read($"{dict}/lexiconp.txt"), PhoneInventory.Read(dict), new() { UnknownWord = "<UNK>" });

        lang.Write(_folder.Path);

        AssertSameFolder(SharedData.At("corpora/aishell-sample/lang"), 28);
    }

    [SharedDataFact]
    public void Build_with_position_dependent_phones_writes_the_files_of_prepare_lang()
    {
        var golden = SharedData.At("goldens/kaldi-train/lang");
        var lexicon = Lexicon.Read($"{golden}/lexicon.txt");
        string[][] silence = [["SIL"], ["SPN"]];
        var speech = lexicon.Entries.SelectMany(entry => entry.Phones).Except(["SIL", "SPN"]).Distinct().Order(StringComparer.Ordinal)
            .Select(phone => (string[])[phone]).ToArray();
        var table = SymbolTable.Read($"{golden}/phones.txt");
        var questions = File.ReadLines($"{golden}/extra_questions.int").Take(3)
            .Select(line => line.Split(' ').Select(label => table.SymbolOf(int.Parse(label, null)).Split('_')[0]).Distinct().ToArray());

        var lang = LangBuilder.Build(
            lexicon, new(silence, speech, "SIL", [.. questions]), new() { PositionDependentPhones = true, SilenceStates = 3 });
        lang.Write(_folder.Path);

        AssertSameFolder(golden, 16);
    }

    [SharedDataFact]
    public void Build_of_a_lexicon_alone_writes_the_files_of_prepare_lang()
    {
        var golden = SharedData.At("goldens/kaldi/exp/lang");

        LangBuilder.Build(Lexicon.Read($"{golden}/lexicon.txt")).Write(_folder.Path);

        AssertSameFolder(golden, 12, "extra_questions.int", "lexicon.txt", "lexiconp.txt", "oov.int");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_gives_what_was_written(bool positions)
    {
        var lexicon = _folder.Write("lexicon.txt", "<UNK> SPN\na A\nb B A\nab A B\nc A\n");
        var lang = LangBuilder.Build(Lexicon.Read(lexicon), options: new() { PositionDependentPhones = positions });
        lang.Write(_folder.At("one"));

        LangDirectory.Read(_folder.At("one")).Write(_folder.At("two"));

        var files = Directory.GetFiles(_folder.At("one"), "*", SearchOption.AllDirectories);
        Assert.Equal(positions ? 35 : 33, files.Length);
        foreach (var file in files)
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace("/one/", "/two/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Build_tells_homophones_and_beginnings_apart()
    {
        var lexicon = _folder.Write("lexicon.txt", "one A B\ntwo A\nthree A B\nfour C\n");

        var lang = LangBuilder.Build(Lexicon.Read(lexicon), options: new() { SilenceProbability = 0 });

        Assert.Equal(["<eps>", "SIL", "A", "B", "C", "#0", "#1", "#2", "#3"], Symbols(lang.Phones));
        Assert.Equal(["<eps>", "four", "one", "three", "two", "#0", "<s>", "</s>"], Symbols(lang.Words));
        Assert.Equal(
            "0\t0\t4\t1\n0\t1\t2\t2\n0\t4\t2\t3\n0\t3\t2\t4\n0\t0\t5\t5\n0\n"
            + "1\t2\t3\t0\n2\t0\t6\t0\n3\t0\t6\t0\n4\t5\t3\t0\n5\t0\t7\t0\n",
            FstText.Write(lang.DisambiguatedLexicon));
    }

    [Fact]
    public void Build_with_silence_probabilities_makes_the_arcs_of_the_script()
    {
        var lexicon = _folder.Write("lexiconp_silprob.txt", "a 0.5 0.25 2 0.5 A B\n");

        var lang = LangBuilder.Build(Lexicon.Read(lexicon), sentence: new(0.75, 1.5, 0.8));

        var disambiguation = lang.Phones.Find("#1");
        Assert.Equal(
            Lines($"0 1 {disambiguation} 0 {Cost(0.25)}", $"0 2 1 0 {Cost(0.75)}", $"1 3 2 1 {Cost(0.25)}", $"1 1 4 2 0", $"1 {Cost(0.8)}",
                $"2 3 2 1 {Cost(1)}", "2 2 4 2 0", $"2 {Cost(1.5)}", "3 4 3 0 0",
                $"4 2 1 0 {Cost(0.25)}", $"4 1 {disambiguation} 0 {Cost(0.75)}"),
            Lines(FstText.Write(lang.DisambiguatedLexicon).Replace('\t', ' ').TrimEnd().Split('\n')
                .Select(line => line.Split(' ').Length == 4 ? line + " 0" : line).ToArray()));

        static string Cost(double probability) => ((float)-Math.Log(probability)).ToString("g6", null);
        static string Lines(params string[] lines) =>
            string.Join('\n', lines.Order(StringComparer.Ordinal)).Replace("-0", "0", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a A\nb\n", "lexicon.txt:2: expected a word, and its phones, got 'b'")]
    [InlineData("a A\na A\n", "lexicon.txt:2: expected each pronunciation once, 'a A' comes again")]
    [InlineData("<s> A\n", "lexicon.txt:1: expected a word, not '<s>', which stands for something else")]
    [InlineData("a #1\n", "lexicon.txt:1: expected phones, not '#1', which stands for something else")]
    [InlineData("\n", "lexicon.txt: expected 'word phone phone …' on each line, got none")]
    public void Read_of_a_damaged_lexicon_names_the_line(string text, string message) =>
        Read_of_wrong_probabilities_names_the_line("lexicon.txt", text, message);

    [Theory]
    [InlineData("lexiconp.txt", "a 1.5 A\n", "lexiconp.txt:1: expected a probability up to 1, got 1.5")]
    [InlineData("lexiconp.txt", "a x A\n", "lexiconp.txt:1: expected a number above 0, got 'x'")]
    [InlineData("lexiconp_silprob.txt", "a 1 1 1 1 A\n", "lexiconp_silprob.txt:1: expected a probability of silence below 1, got 1")]
    public void Read_of_wrong_probabilities_names_the_line(string name, string text, string message) =>
        Assert.EndsWith(
            message, Assert.Throws<InputException>(() => Lexicon.Read(_folder.Write(name, text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Build_with_a_phone_that_is_none_is_refused()
    {
        var lexicon = Lexicon.Read(_folder.Write("lexicon.txt", "a A Q\n"));

        var refusal = Assert.Throws<InputException>(() => LangBuilder.Build(lexicon, new([["SIL"]], [["A"]], "SIL", [])));

        Assert.Equal("the pronunciation 'a A Q' has 'Q', which is no phone", refusal.Message);
    }

    [Fact]
    public void Read_of_mutated_lexicons_and_lang_directories_gives_values_or_a_message()
    {
        var lexicon = "one 0.5 n i1\none 1 u2\n<UNK> 1 SPN\n"u8.ToArray();
        var report = Fuzzer.Run(
            "lexiconp.txt", lexicon, file => LangBuilder.Build(Lexicon.Read(file)), "lexiconp.txt", needsPlace: false, needsFile: false);
        console.WriteLine($"{report}");

        LangBuilder.Build(Lexicon.Read(_folder.Write("lexiconp.txt", lexicon))).Write(_folder.At("lang"));
        foreach (var file in (string[])["topo", "phones/roots.int", "phones/align_lexicon.int"])
        {
            var place = Path.Combine(_folder.At("lang"), file);
            var whole = File.ReadAllBytes(place);
            console.WriteLine($"{Fuzzer.Run($"lang/{file}", whole, damaged =>
            {
                File.Copy(damaged, place, overwrite: true);
                LangDirectory.Read(_folder.At("lang"));
            }, needsPlace: false, needsFile: false)}");
            File.WriteAllBytes(place, whole);
        }
    }

    private static string[] Symbols(SymbolTable table) => [.. table.Entries.OrderBy(entry => entry.Value).Select(entry => entry.Key)];

    private void AssertSameFolder(string golden, int least, params string[] except)
    {
        var compared = 0;
        foreach (var file in Directory.GetFiles(golden, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetFileName(file);
            var own = new[] { _folder.At(name), _folder.At($"phones/{name}") }.FirstOrDefault(File.Exists);
            if (own is null || except.Contains(name))
                continue;

            compared++;
            if (name.EndsWith(".fst", StringComparison.Ordinal))
                AssertSame(FstReader.ReadVector(file), FstReader.ReadVector(own));
            else
                Assert.Equal((name, Text(file)), (name, Text(own)));
        }

        var place = Path.GetRelativePath(SharedData.At(""), golden);
        KaldiAgreement.Record(console.WriteLine, "lang directory", place, compared, 0, 0, "the same text, the same states and arcs");
        Assert.True(compared >= least, $"{compared} files");
    }

    // Scripts leave spaces at the ends of some lines, and in topo between the states.
    private static string Text(string file) =>
        string.Join('\n', File.ReadLines(file).Select(line => line.Trim())).Replace("  ", " ", StringComparison.Ordinal);

    // Arcs with the same labels come in any order.
    private static void AssertSame(VectorFst expected, VectorFst actual)
    {
        Assert.Equal((expected.Start, expected.StateCount, expected.ArcCount), (actual.Start, actual.StateCount, actual.ArcCount));
        for (var state = 0; state < expected.StateCount; state++)
        {
            Assert.Equal(Arcs(expected, state), Arcs(actual, state));
            Assert.Equal(expected.Final(state), actual.Final(state));
        }

        static FstArc[] Arcs(VectorFst fst, int state) =>
            [.. fst.Arcs(state).ToArray().OrderBy(arc => (arc.Output, arc.Input, arc.Next, arc.Weight))];
    }
}
