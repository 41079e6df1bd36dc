using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>The result of decoding an utterance.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Frames">Its number of frames.</param>
/// <param name="Lattice">Its word lattice, acoustic costs unscaled; empty when no path survived.</param>
/// <param name="BestPath">The best path at the acoustic scale of the search; null when no path survived.</param>
public sealed record DecodedUtterance(string Utterance, int Frames, WordLattice Lattice, LatticePath? BestPath)
{
    /// <summary>Gets its lattice of states, acoustic costs unscaled; null unless the decoder keeps it.</summary>
    public Lattice? States { get; init; }

    /// <summary>True when the best path ends in no final state: the utterance is truncated or the beam too narrow.</summary>
    public bool IsPartial => Lattice.IsPartial;
}

/// <summary>
/// Decodes many utterances on several threads: results come in the order of the input and do not depend on the number of
/// threads. At most twice as many utterances as threads are in memory.
/// </summary>
public sealed class BatchDecoder
{
    private readonly Func<LatticeDecoder> _newDecoder;
    private readonly DecoderOptions _options;
    private readonly int _threads;
    private readonly ConcurrentBag<LatticeDecoder> _idle = [];

    /// <summary>Creates the decoders.</summary>
    /// <param name="graph">The decoding graph, shared by all threads.</param>
    /// <param name="pdfOfTransition">The pdf of every transition-id; index 0 is not used.</param>
    /// <param name="options">Beams and scale.</param>
    /// <param name="phoneBegins">The phone that each transition-id begins; see <see
    /// cref="DeterminizerOptions.PhoneBegins"/>.</param>
    /// <param name="threads">The number of threads; null for one a core.</param>
    /// <exception cref="InputException">See <see cref="LatticeDecoder(Fst, int[], DecoderOptions)"/>.</exception>
    public BatchDecoder(
        Fst graph, int[] pdfOfTransition, DecoderOptions options, int[]? phoneBegins = null, int? threads = null)
    {
        _newDecoder = () => new LatticeDecoder(graph, pdfOfTransition, options);
        _options = options;
        Determinizer = new DeterminizerOptions { Beam = options.LatticeBeam, PhoneBegins = phoneBegins };
        _threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(_threads, 1, nameof(threads));
        _idle.Add(_newDecoder());
    }

    /// <summary>Gets how lattices are determinized: by default with the lattice beam, over phones first where they are known.</summary>
    public DeterminizerOptions Determinizer { get; init; }

    /// <summary>True when lattices stay those of the search's states; word lattices are then not determinized.</summary>
    public bool KeepsStates { get; init; }

    /// <summary>
    /// Decodes utterances as their scores arrive; an error ends the enumeration with the utterance's id in the message.
    /// </summary>
    /// <exception cref="InputException">The scores of an utterance do not fit; see <see
    /// cref="LatticeDecoder.Decode"/>.</exception>
    public IEnumerable<DecodedUtterance> Decode(IEnumerable<KeyValuePair<string, IAcousticScores>> utterances)
    {
        var running = new Queue<Task<DecodedUtterance>>();
        using var slots = new SemaphoreSlim(_threads);
        try
        {
            foreach (var (utterance, scores) in utterances)
            {
                running.Enqueue(Task.Run(() => Decode(slots, utterance, scores)));
                if (running.Count >= 2 * _threads)
                    yield return running.Dequeue().GetAwaiter().GetResult();
            }

            while (running.TryDequeue(out var next))
                yield return next.GetAwaiter().GetResult();
        }
        finally
        {
            // The semaphore must outlive every task that waits for it.
            Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        }
    }

    private DecodedUtterance Decode(SemaphoreSlim slots, string utterance, IAcousticScores scores)
    {
        slots.Wait();
        try
        {
            var decoder = _idle.TryTake(out var idle) ? idle : _newDecoder();
            var states = decoder.Decode(scores);
            _idle.Add(decoder);
            if (KeepsStates)
                states = states.Scale(new LatticeScale(1, 1 / _options.AcousticScale));

            var words = KeepsStates
                ? states.ToWords()
                : Lattices.Determinizer.Determinize(states, Determinizer).ScaleAcoustic(1 / _options.AcousticScale);
            return new DecodedUtterance(utterance, scores.Frames, words, BestPath.Find(words, _options.AcousticScale))
            {
                States = KeepsStates ? states : null,
            };
        }
        catch (InputException unfit)
        {
            throw new InputException($"utterance {utterance}: {unfit.Message}", unfit);
        }
        finally
        {
            slots.Release();
        }
    }
}
