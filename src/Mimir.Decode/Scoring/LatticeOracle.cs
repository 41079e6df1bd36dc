using Mimir.Decode.Lattices;

namespace Mimir.Decode.Scoring;

/// <summary>The path of a lattice that has the fewest word errors.</summary>
/// <param name="Words">The words of the path, without those that do not count.</param>
/// <param name="Reference">The words of the reference, without those that do not count.</param>
/// <param name="Errors">Its errors.</param>
public sealed record OraclePath(IReadOnlyList<int> Words, IReadOnlyList<int> Reference, ErrorCounts Errors);

/// <summary>Finds the fewest errors that any path of a lattice has.</summary>
public static class LatticeOracle
{
    /// <summary>Finds the path of fewest errors; null for an empty lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="reference">The words that were said.</param>
    /// <param name="wildcards">Words that do not count in lattice and reference.</param>
    public static OraclePath? Find(WordLattice lattice, IReadOnlyList<int> reference, IReadOnlySet<int>? wildcards = null)
    {
        int[] said = [.. reference.Where(Counts)];
        var cells = new Cell[lattice.StateCount, said.Length + 1];
        for (var state = 0; state < lattice.StateCount; state++)
        {
            for (var place = 0; place <= said.Length; place++)
            {
                if (state + place > 0 && cells[state, place].Previous is null)
                    cells[state, place].Errors = int.MaxValue;
            }
        }

        for (var state = 0; state < lattice.StateCount; state++)
        {
            for (var place = 0; place <= said.Length; place++)
            {
                if (cells[state, place].Errors == int.MaxValue)
                    continue;

                var here = new Step(state, place, 0);
                var errors = cells[state, place].Errors;
                if (place < said.Length)
                    Reach(state, place + 1, errors + 1, here);

                foreach (var arc in lattice.Arcs(state))
                {
                    var word = Counts(arc.Word) ? arc.Word : 0;
                    if (word == 0)
                    {
                        Reach(arc.Next, place, errors, here);
                        continue;
                    }

                    if (place < said.Length)
                        Reach(arc.Next, place + 1, errors + (word == said[place] ? 0 : 1), here with { Word = word });

                    Reach(arc.Next, place, errors + 1, here with { Word = word });
                }
            }
        }

        var ends = Enumerable.Range(0, lattice.StateCount).Where(state => !lattice.Final(state).IsZero).ToList();
        return ends.Count == 0 ? null : Trace(cells, said, ends.MinBy(state => cells[state, said.Length].Errors));

        bool Counts(int word) => word != 0 && wildcards?.Contains(word) != true;

        void Reach(int state, int place, int errors, Step from)
        {
            ref var cell = ref cells[state, place];
            if (errors < cell.Errors)
                cell = new Cell(errors, from);
        }
    }

    /// <summary>The best path that has given words; empty where there is none.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="words">The words, without those that do not count.</param>
    /// <param name="wildcards">Words that do not count; their arcs have no word in the result.</param>
    public static WordLattice Restrict(WordLattice lattice, IReadOnlyList<int> words, IReadOnlySet<int>? wildcards = null)
    {
        var builder = new WordLatticeBuilder { IsPartial = lattice.IsPartial };
        var width = words.Count + 1;
        for (var i = 0; i < lattice.StateCount * width; i++)
            builder.AddState();

        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state))
            {
                var word = wildcards?.Contains(arc.Word) == true ? 0 : arc.Word;
                for (var place = 0; place < width; place++)
                {
                    if (word == 0 || (place < words.Count && words[place] == word))
                    {
                        var next = (arc.Next * width) + place + (word == 0 ? 0 : 1);
                        builder.AddArc((state * width) + place, arc with { Word = word, Next = next });
                    }
                }
            }

            builder.SetFinal((state * width) + words.Count, lattice.Final(state), [.. lattice.FinalAlignment(state)]);
        }

        return BestPath.FindLattice(builder.Build());
    }

    private static OraclePath Trace(Cell[,] cells, int[] said, int end)
    {
        var words = new List<int>();
        var (insertions, deletions, substitutions) = (0, 0, 0);
        var (state, place) = (end, said.Length);
        while (cells[state, place].Previous is { } step)
        {
            if (step.Word != 0)
                words.Add(step.Word);

            if (step.Word == 0 && step.Place < place)
                deletions++;
            else if (step.Word != 0 && step.Place == place)
                insertions++;
            else if (step.Word != 0 && step.Word != said[step.Place])
                substitutions++;

            (state, place) = (step.State, step.Place);
        }

        words.Reverse();
        return new OraclePath(words, said, new ErrorCounts(said.Length, insertions, deletions, substitutions));
    }

    // The way to a state with so many words of the reference.
    private record struct Cell(int Errors, Step? Previous);

    private sealed record Step(int State, int Place, int Word);
}
