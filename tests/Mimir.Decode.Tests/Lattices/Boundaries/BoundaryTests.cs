using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Boundaries;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Tests.Lattices.Boundaries;

/// <summary>Lattices whose arcs end anywhere become lattices whose arcs end with words or phones.</summary>
public sealed class BoundaryTests : IDisposable
{
    // Phones 1 (silence), 2, 3 and 4 of one state each: a self-loop, 2n - 1, and the way out, 2n.
    private static readonly TransitionModel Model = new(
        new HmmTopology([new TopologyEntry([1, 2, 3, 4], [new HmmState(0, 0, [new(0, 0.5f), new(1, 0.5f)]), new HmmState(-1, -1, [])])]),
        [new(1, 0, 0), new(2, 0, 1), new(3, 0, 2), new(4, 0, 3)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-boundary-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Words_get_their_own_frames_by_the_places_of_phones()
    {
        var boundaries = WordBoundaries.Read(Write("1 nonword\n2 begin\n3 end\n4 singleton\n"));

        // The words come before their frames, as determinization leaves them.
        var aligned = WordAligner.Align(Path((7, [2, 1, 4]), (9, [3, 6, 8]), (0, [7, 2])), Model, boundaries);

        Assert.True(aligned.IsComplete);
        Assert.Equal(["0: 2 1", "7: 4 3 6", "9: 8 7", "0: 2"], Arcs(aligned));
    }

    [Fact]
    public void Silences_get_a_label_that_may_be_a_words()
    {
        var boundaries = WordBoundaries.Read(Write("1 nonword\n2 begin\n3 end\n4 singleton\n"));

        var aligned = WordAligner.Align(Path((7, [8, 2, 8]), (9, [2])), Model, boundaries, new() { SilenceLabel = 9 });

        Assert.Equal(["7: 8", "9: 2", "9: 8", "9: 2"], Arcs(aligned));
    }

    [Theory]
    [InlineData("a path ends within a word", 7, new[] { 4 })]
    [InlineData("a path ends with a part of a word that has no label", 0, new[] { 4 })]
    [InlineData("words at the end of a path have no frames", 7, new int[0])]
    public void Cut_utterances_are_aligned_and_told(string fault, int word, int[] frames)
    {
        var boundaries = WordBoundaries.Read(Write("1 nonword\n2 begin\n3 end\n4 singleton\n"));

        var aligned = WordAligner.Align(Path((8, [8, 7]), (word, frames)), Model, boundaries);

        Assert.Equal([fault], aligned.Faults);
        Assert.Equal("8: 8 7", Arcs(aligned)[0]);
    }

    [Fact]
    public void Words_get_their_own_frames_by_a_lexicon()
    {
        var lexicon = AlignmentLexicon.Read(Write("0 0 1\n7 7 2 3\n7 7 2\n9 5 3 4\n"));

        var aligned = LexiconAligner.Align(Path((7, [2, 1, 4]), (9, [3, 6, 8]), (0, [7, 2])), Model, lexicon);

        Assert.True(aligned.IsComplete);
        Assert.Equal(["0: 2 1", "7: 4 3", "5: 6 8 7", "0: 2"], Arcs(aligned));
        Assert.Contains(
            "word 8 is not in the lexicon",
            Assert.Throws<InputException>(() => LexiconAligner.Align(Path((8, [2])), Model, lexicon)).Message,
            StringComparison.Ordinal);
        Assert.False(LexiconAligner.Align(Path((7, [2, 8])), Model, lexicon).IsComplete);
    }

    [Fact]
    public void Phones_get_arcs_of_their_own()
    {
        var lattice = Path((7, [2, 1, 4]), (9, [3, 6, 8]), (0, [7, 2]));

        var aligned = PhoneAligner.Align(lattice, Model);
        Assert.Equal(["7: 2 1", "9: 4 3"], Arcs(aligned));

        // Phones behind the last word belong to the end.
        Assert.Equal([6, 8, 7, 2], aligned.Lattice.FinalAlignment(2).ToArray());
        Assert.Equal(
            ["1: 2 1", "2: 4 3", "3: 6", "4: 8 7", "1: 2"], Arcs(PhoneAligner.Align(lattice, Model, new() { ReplaceWords = true })));
    }

    [Fact]
    public void Transitions_of_another_model_and_malformed_files_are_refused()
    {
        Assert.Contains(
            "of another model",
            Assert.Throws<InputException>(() => PhoneAligner.Align(Path((7, [9])), Model)).Message,
            StringComparison.Ordinal);
        Assert.Throws<InputException>(() => WordBoundaries.Read(Write("1 middle\n")));
        Assert.Throws<InputException>(() => WordBoundaries.Read(Write("")));
        Assert.Throws<InputException>(() => AlignmentLexicon.Read(Write("7 7 2\n7 8 2\n")));
        Assert.Throws<InputException>(() => AlignmentLexicon.Read(Write("0 0\n")));
        Assert.Throws<InputException>(() => AlignmentLexicon.Read(Write("7 x\n")));
    }

    [Fact]
    public void Read_of_mutated_files_gives_values_or_a_message()
    {
        Fuzzer.Run(
            "word_boundary.int", "1 nonword\n2 begin\n3 end\n4 singleton\n"u8.ToArray(), file => WordBoundaries.Read(file), "damaged");
    }

    private static WordLattice Path(params (int Word, int[] Frames)[] arcs)
    {
        var builder = new WordLatticeBuilder();
        var state = builder.AddState();
        foreach (var (word, frames) in arcs)
            builder.AddArc(state, new WordArc(word, new LatticeWeight(1, 0), frames, state = builder.AddState()));

        builder.SetFinal(state, LatticeWeight.One, []);
        return builder.Build();
    }

    private static List<string> Arcs(AlignedLattice aligned)
    {
        var lattice = aligned.Lattice;
        return
        [
            .. Enumerable.Range(0, lattice.StateCount)
                .SelectMany(state => lattice.Arcs(state).ToArray())
                .Select(arc => $"{arc.Word}: {string.Join(' ', arc.Alignment)}"),
        ];
    }

    private string Write(string text)
    {
        var path = System.IO.Path.Combine(_folder, "file");
        File.WriteAllText(path, text);
        return path;
    }
}
