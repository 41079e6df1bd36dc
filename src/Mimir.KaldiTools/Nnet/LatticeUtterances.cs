using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Latbin;

namespace Mimir.KaldiTools.Nnet;

/// <summary>An utterance with its competitors.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="Features"><c>[T, D]</c>.</param>
/// <param name="Lattice">The competitors, of T frames.</param>
/// <param name="Alignment">The transition-ids of the reference, T of them.</param>
/// <param name="Warnings">The warnings of the utterances before it that were skipped.</param>
internal sealed record LatticeUtterance(
    string Key, FloatMatrix Features, DenominatorLattice Lattice, int[] Alignment, IReadOnlyList<string> Warnings);

/// <summary>Joins features, lattices and alignments by utterance, in the order of the features, and skips as Kaldi does.</summary>
/// <param name="maxFrames">The frames of the longest utterance that is used.</param>
/// <param name="preposition">Kaldi's word before the name of an utterance that lacks a part.</param>
internal sealed class LatticeUtterances(int maxFrames, string preposition)
{
    private List<string> _warnings = [];

    /// <summary>Gets the warnings of the skipped utterances behind the last one that was not.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Gets the utterances without an alignment so far.</summary>
    public int WithoutAlignment { get; private set; }

    /// <summary>Gets the utterances without a lattice so far.</summary>
    public int WithoutLattice { get; private set; }

    /// <summary>Gets the utterances with other faults so far.</summary>
    public int OtherErrors { get; private set; }

    /// <summary>Reads the utterances.</summary>
    /// <param name="features">The rspecifier of the features.</param>
    /// <param name="lattices">That of the lattices.</param>
    /// <param name="alignments">That of the alignments.</param>
    /// <param name="io">The permissions of extended file names.</param>
    public IEnumerable<LatticeUtterance> Read(string features, string lattices, string alignments, KaldiIoOptions io)
    {
        using var latticeTable = Lattice.Table.Open(lattices, io);
        using var alignmentTable = KaldiTables.IntVector.Open(alignments, io);
        foreach (var (key, matrix) in KaldiTables.Matrix.Read(features, io))
        {
            if (!latticeTable.TryGet(key, out var lattice))
            {
                _warnings.Add($"Missing lattice {preposition} {key}");
                WithoutLattice++;
            }
            else if (!alignmentTable.TryGet(key, out var alignment))
            {
                _warnings.Add($"Missing alignment {preposition} {key}");
                WithoutAlignment++;
            }
            else if (Join(key, matrix, lattice, alignment) is { } utterance)
            {
                yield return utterance;
            }
            else
            {
                OtherErrors++;
            }
        }
    }

    private LatticeUtterance? Join(string key, FloatMatrix features, Lattice lattice, int[] alignment)
    {
        if (alignment.Length != features.Rows)
        {
            _warnings.Add($"Duration mismatch! alignment {alignment.Length} features {features.Rows}");
        }
        else if (features.Rows > maxFrames)
        {
            _warnings.Add($"Skipping {key} that has {features.Rows} frames, it is longer than '--max-frames'{maxFrames}");
        }
        else if (lattice.StateCount == 0)
        {
            _warnings.Add($"Empty lattice of {key}, skipping.");
        }
        else
        {
            var denominator = Utterance.Run(key, () => new DenominatorLattice(lattice));
            if (denominator.Frames == features.Rows)
            {
                var warnings = _warnings;
                _warnings = [];
                return new(key, features, denominator, alignment, warnings);
            }

            _warnings.Add($"Duration mismatch! denominator lattice {denominator.Frames} features {features.Rows}, skipping {key}");
        }

        return null;
    }
}
