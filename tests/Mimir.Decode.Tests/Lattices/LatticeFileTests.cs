using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Decode.Scoring;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.Decode.Tests.Lattices;

/// <summary>Lattices in Kaldi's files: text, binary, both kinds, converted, damaged.</summary>
public sealed class LatticeFileTests(ITestOutputHelper console) : IDisposable
{
    private const string Words = "u \n0\t1\t5\t1.5,2.25,2_1\n0\t2\t6\t3,4,\n1\t2\t7\n2\t0.5,0,4_3\n\n";
    private const string Transitions =
        "u \n0\t3\t2\t5\t1.5,2.25\n0\t2\t0\t6\t3,4\n1\t2\t0\t7\n2\t4\t4\t0\t0.5,0\n3\t1\t1\t0\n4\t5\t3\t0\n5\n\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-lattice-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ark,t:")]
    [InlineData("ark:")]
    public void Written_lattices_are_read_as_they_were(string form)
    {
        var words = Read(WordLattice.Table, Words);
        var transitions = Read(Lattice.Table, Transitions);

        Assert.Equal(Words, Text(WordLattice.Table, Again(WordLattice.Table, words, form)));
        Assert.Equal(Text(Lattice.Table, transitions), Text(Lattice.Table, Again(Lattice.Table, transitions, form)));
    }

    [Fact]
    public void Conversion_gives_chains_and_joins_them()
    {
        var words = Read(WordLattice.Table, Words);

        Assert.Equal(Text(Lattice.Table, Read(Lattice.Table, Transitions)), Text(Lattice.Table, words.ToLattice()));

        // A chain to an end becomes an arc without a word.
        Assert.Equal(
            "u \n0\t2\t5\t1.5,2.25,2_1\n0\t3\t6\t3,4,\n2\t3\t7\n3\t1\t0\t0.5,0,4_3\n1\n\n".Length,
            Text(WordLattice.Table, Read(WordLattice.Table, Transitions)).Length);
    }

    [Theory]
    [InlineData("u \n0 1 5 1,2,3_x\n\n", "expected an arc or an end")]
    [InlineData("u \n0 1 5 6 1,2,3\n1\n\n", "one kind of lattice")]
    [InlineData("u \n0 1 5 nan,0,\n1\n\n", "two finite costs")]
    [InlineData("u \n0 1 5\n1 0 6\n1\n\n", "cycle")]
    [InlineData("u \n0 1 -5\n1\n\n", "expected an arc or an end")]
    [InlineData("u x\n", "line of its own")]
    public void Text_of_another_form_is_refused(string text, string message)
    {
        var failure = Assert.Throws<InputException>(() => Read(WordLattice.Table, text));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_lattice_is_written_and_read()
    {
        var empty = Read(WordLattice.Table, "u \n\n");

        Assert.Equal(0, empty.StateCount);
        Assert.Equal(0, Again(WordLattice.Table, empty, "ark:").StateCount);
    }

    [SharedDataFact]
    public void Kaldis_lattices_are_written_as_kaldi_writes_them()
    {
        var golden = SharedData.At("goldens/kaldi-sequence/lat3");
        using var binary = WordLattice.Table.Open($"ark:{golden}/lat.ark");
        var ours = new List<string>();
        foreach (var (key, lattice) in WordLattice.Table.Read($"ark:{golden}/lat.txt"))
        {
            var text = Text(WordLattice.Table, lattice);
            ours.AddRange(text.Split('\n'));

            Assert.Equal(text, Text(WordLattice.Table, binary.TryGet(key, out var same) ? same : lattice.ScaleAcoustic(2)));
        }

        // Kaldi's states are in another order.
        Assert.Equal(Arcs(File.ReadAllLines($"{golden}/lat.txt")), Arcs(ours));
    }

    [SharedDataFact]
    public void Kaldis_lattices_of_transitions_equal_the_expanded_ones()
    {
        var golden = SharedData.At("goldens/kaldi-sequence/lat3");
        foreach (var name in (string[])["copy.noncompact.ark.gz", "copy.noncompact.txt.gz"])
        {
            using var expanded = Lattice.Table.Open($"ark:{golden}/lat.{(name.Contains("txt", StringComparison.Ordinal) ? "txt" : "ark")}");
            foreach (var (key, lattice) in Lattice.Table.Read($"ark:{golden}/{name}"))
                Assert.Equal(Text(Lattice.Table, expanded.TryGet(key, out var ours) ? ours : lattice), Text(Lattice.Table, lattice));
        }
    }

    [Theory]
    [InlineData("ark:")]
    [InlineData("ark,t:")]
    public void Read_of_mutated_lattices_gives_values_or_a_message(string form)
    {
        Write(WordLattice.Table, Read(WordLattice.Table, Words), form);
        var words = File.ReadAllBytes(Path.Combine(_folder, "a"));
        Write(Lattice.Table, Read(Lattice.Table, Transitions), form);
        var transitions = File.ReadAllBytes(Path.Combine(_folder, "a"));

        Try($"word lattice {form}", words, file => _ = WordLattice.Table.Read($"ark:{file}").ToList());
        Try($"lattice {form}", transitions, file => _ = Lattice.Table.Read($"ark:{file}").ToList());
        Try($"lattice {form}, used", transitions, file =>
        {
            foreach (var (_, lattice) in Lattice.Table.Read($"ark:{file}").ToList())
                Use(lattice);
        });
    }

    private static void Use(Lattice lattice)
    {
        try
        {
            var words = lattice.ToWords();
            _ = BestPath.Find(words, 0.1f);
            _ = NBest.Best(lattice, 3).ToList();
            _ = Determinizer.Determinize(lattice, new() { Beam = 5 });
            _ = LatticePruner.Prune(words, 1);
            _ = LatticeOracle.Find(words, [5, 7]);
            _ = LatticeDepth.PerFrame(words);
            _ = LatticePosteriors.Compute(lattice);
            var risk = MinimumBayesRisk.Decode(words);
            Assert.All(risk.Words, word => Assert.InRange(word.Confidence, 0, 1.001f));
        }
        catch (InputException)
        {
            // Programs add the utterance to the message.
        }
    }

    private static List<string> Arcs(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.Contains('\t', StringComparison.Ordinal)).Select(line => line.Split('\t')[^1]).Order()];

    private void Try(string format, byte[] whole, Action<string> read) =>
        console.WriteLine($"{Fuzzer.Run(format, whole, read, "damaged")}");

    private T Read<T>(Table<T> table, string text)
    {
        var path = Path.Combine(_folder, "text");
        File.WriteAllText(path, text);
        return table.Read($"ark:{path}").Single().Value;
    }

    private T Again<T>(Table<T> table, T value, string form)
    {
        Write(table, value, form);
        return table.Read($"ark:{Path.Combine(_folder, "a")}").Single().Value;
    }

    private string Text<T>(Table<T> table, T value)
    {
        Write(table, value, "ark,t:");
        return File.ReadAllText(Path.Combine(_folder, "a"));
    }

    private void Write<T>(Table<T> table, T value, string form)
    {
        using var output = table.Create(form + Path.Combine(_folder, "a"));
        output.Fill(() => output.Write("u", value));
    }
}
