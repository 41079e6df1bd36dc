using System.Text;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Language.Grammars;
using Xunit.Abstractions;

namespace Mimir.Decode.Tests.Language.Grammars;

/// <summary>Grammars in text form as acceptors.</summary>
public sealed class GrammarCompilerTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SymbolTable _words = Words("go", "stop", "the", "red", "green", "box", "please", "two words");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("public <a> = go | stop;", "go 0.5|stop 0.5")]
    [InlineData("public <a> = /3/ go | /1/ stop;", "go 0.75|stop 0.25")]
    [InlineData("public <a> = [please] go;", "go 0.5|please go 0.5")]
    [InlineData(
        "public <a> = (go | stop) {tag} <b>; <b> = box | red box;",
        "go box 0.25|go red box 0.25|stop box 0.25|stop red box 0.25")]
    [InlineData("public <a> = \"go stop\" <NULL>;", "go stop 1")]
    [InlineData("public <a> = go; public <b> = stop; // two\n/* and\n more */", "go 0.5|stop 0.5")]
    [InlineData("public <a> = go | go;", "go 0.5")]
    [InlineData("public <a> = go | <VOID>;", "go 0.5")]
    public void Grammar_says_its_sentences_with_their_probabilities(string rules, string expected) =>
        Assert.Equal(expected, Said($"#JSGF V1.0 UTF-8;\ngrammar test.one;\n{rules}", 6));

    [Theory]
    [InlineData("go+", "go 0.5|go go 0.25|go go go 0.125")]
    [InlineData("go*", " 0.5|go 0.25|go go 0.125|go go go 0.0625")]
    [InlineData("[go]+ stop", "go go go stop 0.03125")]
    public void Repetition_goes_on_as_likely_as_not(string expansion, string expected)
    {
        var said = Said($"#JSGF V1.0;\npublic <a> = {expansion};", expansion.Contains("stop", StringComparison.Ordinal) ? 4 : 3).Split('|');

        foreach (var sentence in expected.Split('|').Where(sentence => !expansion.StartsWith('[')))
            Assert.Contains(sentence, said);
        Assert.Equal(said.Length, said.Select(sentence => sentence[..sentence.LastIndexOf(' ')]).Distinct().Count());
    }

    [SharedDataFact]
    public void List_of_digits_is_Kaldis_grammar_of_digits()
    {
        var lang = SharedData.At("goldens/kaldi/exp/lang");
        var words = SymbolTable.Read($"{lang}/words.txt");
        var list = _folder.Write("digits", "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n");

        var grammar = GrammarCompiler.Compile(list, words);

        var expected = FstReader.ReadVector($"{lang}/G.fst");
        Assert.Equal(1, grammar.StateCount);
        Assert.Equal(expected.Final(0), grammar.Final(0), 1e-6f);
        foreach (var (want, got) in expected.Arcs(0).ToArray().OrderBy(arc => arc.Input).Zip(grammar.Arcs(0).ToArray()))
        {
            Assert.Equal((want.Input, want.Output, want.Next), (got.Input, got.Output, got.Next));
            Assert.Equal(want.Weight, got.Weight, 1e-6f);
        }
    }

    [Theory]
    [InlineData("public <a> = stap;", ":2: expected words of the lexicon, got 'stap'")]
    [InlineData("public <a> = <b>;", ":2: there is no rule '<b>'")]
    [InlineData("public <a> = go <a>;", ":2: the rule '<a>' refers to itself; say it with * or +")]
    [InlineData("<a> = go;", ": expected a rule that is public, such as 'public <command> = stop | go;'")]
    [InlineData("import <x.y>;", ":2: expected rules of this file, no imports, got 'import'")]
    [InlineData("public <a> = (go;", ":2: expected ')', got ';'")]
    [InlineData("public <a> = | go;", ":2: expected words, rules or groups, got '|'")]
    [InlineData("public <a> = /x/ go;", ":2: expected a weight above 0 between slashes, got 'x'")]
    [InlineData("public <a> = \"go;", ":2: expected '\"' behind '\"', got the end of the file")]
    [InlineData("public <a> = go", ": expected ';', got the end of the file")]
    [InlineData("public <a> = go; <a> = stop;", ":2: expected each rule once, '<a>' comes again before this, got ';'")]
    [InlineData("public <a> = <VOID>;", ": nothing can be said by this grammar")]
    public void Damaged_grammars_are_refused_with_the_line(string rules, string message)
    {
        var path = _folder.Write("g.jsgf", $"#JSGF V1.0;\n{rules}");

        Assert.Equal($"{path}{message}", Assert.Throws<InputException>(() => GrammarCompiler.Compile(path, _words)).Message);
    }

    [Fact]
    public void Grammars_that_grow_without_end_are_refused()
    {
        var text = new StringBuilder("#JSGF V1.0;\npublic <r0> = <r1> <r1> <r1> <r1> <r1> <r1> <r1> <r1>;\n");
        for (var i = 1; i < 12; i++)
            text.Append(null, $"<r{i}> = {string.Join(' ', Enumerable.Repeat($"<r{i + 1}>", 8))};\n");

        text.Append("<r12> = go;\n");

        var refusal = Assert.Throws<InputException>(() => GrammarCompiler.Compile(_folder.Write("g", text.ToString()), _words));
        Assert.Contains("more than 5000000 states", refusal.Message, StringComparison.Ordinal);

        // "go go" is said by either loop, of other weights.
        refusal = Assert.Throws<InputException>(
            () => GrammarCompiler.Compile(_folder.Write("l", "#JSGF V1.0;\npublic <a> = (/2/ go | stop)+ go*;"), _words));
        Assert.Contains("two repetitions (* or +) of different weight", refusal.Message, StringComparison.Ordinal);

        var deep = $"#JSGF V1.0;\npublic <a> = {new string('(', 100000)} go;";
        refusal = Assert.Throws<InputException>(() => GrammarCompiler.Compile(_folder.Write("d", deep), _words));
        Assert.Contains("at most 200 groups", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_mutated_grammars_gives_values_or_a_message()
    {
        const string Grammar =
            "#JSGF V1.0;\ngrammar a;\npublic <a> = [please] (/2/ go | stop)+ {x} <b>*; // and\n<b> = the red box | \"green\";\n";

        var report = Fuzzer.Run(
            "JSGF", Encoding.UTF8.GetBytes(Grammar), file => GrammarCompiler.Compile(file, _words), memory: 64 << 20, needsPlace: false);
        console.WriteLine($"{report}");
    }

    private static SymbolTable Words(params string[] words)
    {
        var table = new SymbolTable();
        table.Add("<eps>");
        foreach (var word in words)
            table.Add(word);

        return table;
    }

    // All sentences up to a length and their probabilities.
    private string Said(string grammar, int length)
    {
        var fst = GrammarCompiler.Compile(_folder.Write("g.jsgf", grammar), _words);
        var said = new List<string>();
        Walk(fst.Start, "", 0, length);
        return string.Join('|', said.Order(StringComparer.Ordinal));

        void Walk(int state, string sentence, float cost, int left)
        {
            if (!float.IsPositiveInfinity(fst.Final(state)))
                said.Add(FormattableString.Invariant($"{sentence.Trim()} {Math.Round(Math.Exp(-cost - fst.Final(state)), 5)}"));

            foreach (var arc in left == 0 ? [] : fst.Arcs(state).ToArray())
                Walk(arc.Next, $"{sentence} {_words.SymbolOf(arc.Input)}", cost + arc.Weight, left - 1);
        }
    }
}
