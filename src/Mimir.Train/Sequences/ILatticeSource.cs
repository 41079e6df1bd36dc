using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;

namespace Mimir.Train.Sequences;

/// <summary>An utterance of a batch, for which competitors are asked.</summary>
/// <param name="Place">Its place in the set.</param>
/// <param name="Name">Its id.</param>
/// <param name="Reference">The transition-id of each frame.</param>
/// <param name="Scores">Makes the log-likelihoods that the network has now.</param>
internal sealed record SequenceUtterance(int Place, string Name, int[] Reference, Func<IAcousticScores> Scores);

/// <summary>Gives the competitors of utterances.</summary>
internal interface ILatticeSource
{
    /// <summary>The competitors of each utterance; null where the search found none.</summary>
    /// <param name="utterances">The utterances of a batch.</param>
    IReadOnlyList<DenominatorLattice?> Of(IReadOnlyList<SequenceUtterance> utterances);
}

/// <summary>Lattices that were made before training.</summary>
/// <param name="lattices">The lattice of each utterance of the set; null where the search found none.</param>
internal sealed class StoredLattices(DenominatorLattice?[] lattices) : ILatticeSource
{
    /// <inheritdoc/>
    public IReadOnlyList<DenominatorLattice?> Of(IReadOnlyList<SequenceUtterance> utterances) =>
        [.. utterances.Select(utterance => lattices[utterance.Place])];
}

/// <summary>Lattices that the network makes as it is now.</summary>
/// <param name="decoder">Finds them.</param>
/// <param name="boost">Changes them.</param>
internal sealed class DecodedLattices(BatchDecoder decoder, Boosting boost) : ILatticeSource
{
    /// <inheritdoc/>
    public IReadOnlyList<DenominatorLattice?> Of(IReadOnlyList<SequenceUtterance> utterances)
    {
        var decoded = decoder.Decode(utterances.Select(utterance => KeyValuePair.Create(utterance.Name, utterance.Scores())));
        return [.. decoded.Zip(utterances, (found, utterance) => found.BestPath is null || found.IsPartial
            ? null
            : boost.Apply(utterance.Name, found.Lattice.ToLattice(), utterance.Reference))];
    }
}

/// <summary>Boosts lattices where the loss asks for it.</summary>
/// <param name="model">The model of transition-ids.</param>
/// <param name="options">How much; null for nothing.</param>
internal sealed class Boosting(TransitionModel model, LatticeBoostOptions? options)
{
    /// <summary>The lattice, boosted.</summary>
    /// <param name="name">The utterance, for messages.</param>
    /// <param name="lattice">The lattice.</param>
    /// <param name="reference">The transition-id of each frame.</param>
    /// <exception cref="InputException">The lattice does not fit the reference.</exception>
    public DenominatorLattice Apply(string name, Lattice lattice, int[] reference)
    {
        try
        {
            return new(options is null ? lattice : LatticeBoost.Apply(lattice, model, reference, options));
        }
        catch (InputException error)
        {
            throw new InputException($"utterance '{name}': {error.Message}", error);
        }
    }
}
