using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Data;
using Mimir.Train.Evaluation;
using Mimir.Train.Losses;
using Mimir.Train.Recipes;
using Mimir.Train.Sequences;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>The part of a run that prepares losses over lattices: the graph of competitors, the lattices, the references.</summary>
/// <remarks>
/// Lattices lie in the folder of the coordinator, where workers share them: each makes its part of the archives. A worker that does
/// not see that folder makes all in its own.
/// </remarks>
internal sealed class SequenceStage
{
    private readonly RunContext _run;
    private readonly SequenceLossRecipe _loss;
    private readonly StartNetwork _start;
    private readonly TransitionModel _model;
    private readonly LatticeStore _store;
    private readonly DenominatorGraph _graph;
    private readonly Lazy<DecodingGraph> _decodingGraph;

    /// <summary>Prepares the stage.</summary>
    /// <param name="run">The run.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="start">The network that training starts from.</param>
    /// <param name="model">The transition model of the alignments.</param>
    public SequenceStage(RunContext run, SequenceLossRecipe loss, StartNetwork start, TransitionModel model)
    {
        (_run, _loss, _start, _model) = (run, loss, start, model);
        var shared = new RunFolder(run.Recipe.OutputFolder);
        _store = new((Directory.Exists(shared.Root) ? shared : run.Folder).Lattices);
        _graph = new(run.Recipe, loss, _store.GraphFolder);
        _decodingGraph = new(() => _graph.Read(model));
    }

    /// <summary>Makes what is missing, and the losses of both sets.</summary>
    /// <param name="train">The training set.</param>
    /// <param name="validation">The cross-validation set.</param>
    public LossPair Run(IFrameSet train, IFrameSet validation)
    {
        if (_run.Team.IsCoordinator)
        {
            _store.Begin(_start.Stamp);
            _graph.Make(_run.Progress.Say);
        }

        Meet();
        _graph.Make(_run.Progress.Say);
        var isStored = _loss.Lattices == LatticeOrigin.Once;
        if (isStored)
        {
            Make("train", train, part => part % _run.Team.Size == _run.Team.Index);
            Make("cv", validation, part => part % _run.Team.Size == _run.Team.Index);
            Meet();
        }

        var silence = _graph.SilencePhones();
        if (silence.Count == 0)
            _run.Warn("nothing says which phones are silence, so none counts as such; train.loss has 'silence-phones' for them");
        var boost = new Boosting(_model, _loss is MmiRecipe { Boost: > 0 } mmi ? new((float)mmi.Boost, silence) : null);
        var criterion = Criterion(silence);
        return new(Of("train", train), Of("cv", validation));

        SequenceLoss Of(string name, IFrameSet corpus)
        {
            var references = new SequenceReferences(corpus, AlignmentSet.Read(SetOf(name).Alignments ?? "", _model));
            ILatticeSource lattices = isStored
                ? new StoredLattices(Read(name, references, boost))
                : new DecodedLattices(Decoder(), boost);
            return new(_loss, criterion, references, lattices, _start.LogPriors, _run.ThreadCount);
        }
    }

    private static int Parts(IFrameSet corpus) =>
        (corpus.Utterances.Count + LatticeStore.PartUtterances - 1) / LatticeStore.PartUtterances;

    // A worker that comes back finds all made.
    private void Meet()
    {
        if (!_run.Team.IsRejoining)
            _run.Team.Barrier();
    }

    private CorpusSet SetOf(string name) =>
        _run.Recipe.Corpus.Find(name) ?? throw new InputException($"corpus.{name}: it is missing.");

    private SequenceCriterion Criterion(IReadOnlySet<int> silence)
    {
        var scales = new SequenceScales(_loss.AcousticScale, _loss.LmScale);
        return _loss switch
        {
            MmiRecipe mmi => new MutualInformation(_model, scales, mmi.DropFrames),
            SmbrRecipe smbr => new FrameAccuracy(_model, scales, new(AccuracyUnit.State, silence, smbr.OneSilenceClass)),
            MpeRecipe mpe => new FrameAccuracy(_model, scales, new(AccuracyUnit.Phone, silence, mpe.OneSilenceClass)),
            _ => throw new InvalidOperationException($"{_loss} has no criterion."),
        };
    }

    private DecodeRecipe DecodeOptions() => new()
    {
        Beam = _loss.Beam,
        LatticeBeam = _loss.LatticeBeam,
        MaxActive = _loss.MaxActive,
        AcousticScale = _loss.AcousticScale,
    };

    private BatchDecoder Decoder() => SetDecoder.Create(_decodingGraph.Value, DecodeOptions(), _run.ThreadCount);

    private void Make(string set, IFrameSet corpus, Predicate<int> isOwn)
    {
        int[] missing = [.. Enumerable.Range(0, Parts(corpus)).Where(part => isOwn(part) && !_store.Has(set, part))];
        if (missing.Length == 0)
            return;

        _run.Progress.Say($"set '{set}': the start network makes lattices of competitors");
        using var acoustic = _start.Load(Device.Parse(_run.Recipe.Train.Device));
        var decoder = new SetDecoder(_decodingGraph.Value, DecodeOptions(), _run.ThreadCount, _run.Progress, _run.Time);
        foreach (var part in missing)
        {
            var own = PartOf(corpus, part);
            var scores = acoustic.Score(own, _run.Cancellation).Select(
                scored => KeyValuePair.Create(own.Utterances[scored.Utterance], scored.LogLikelihoods));
            var decoding = decoder.Decode(set, own.Utterances.Count, scores, _run.Cancellation);
            _store.Write(set, part, decoding.Lattices.Where(found => !found.Value.IsPartial && found.Value.StateCount > 0).ToDictionary());
        }
    }

    private static FrameCorpus PartOf(IFrameSet corpus, int part)
    {
        var first = part * LatticeStore.PartUtterances;
        var count = Math.Min(LatticeStore.PartUtterances, corpus.Utterances.Count - first);
        int[] lengths = corpus.Lengths[first..(first + count)];
        var features = new float[lengths.Sum() * corpus.Dim];
        var place = 0;
        for (var utterance = first; utterance < first + count; utterance++)
        {
            corpus.FeaturesOf(utterance).CopyTo(features.AsSpan(place));
            place += corpus.Lengths[utterance] * corpus.Dim;
        }

        return new([.. corpus.Utterances.Skip(first).Take(count)], lengths, corpus.Dim, features, null, corpus.Drops);
    }

    private DenominatorLattice?[] Read(string set, SequenceReferences references, Boosting boost)
    {
        var corpus = references.Corpus;
        Make(set, corpus, _ => true);
        var places = corpus.Utterances.Index().ToDictionary(utterance => utterance.Item, utterance => utterance.Index);
        var lattices = new DenominatorLattice?[places.Count];
        Parallel.For(0, Parts(corpus), new ParallelOptions { MaxDegreeOfParallelism = _run.ThreadCount }, part =>
        {
            foreach (var (utterance, lattice) in _store.Read(set, part))
            {
                if (places.TryGetValue(utterance, out var place))
                    lattices[place] = boost.Apply(utterance, lattice, references.Of(place));
            }
        });
        var without = lattices.Count(lattice => lattice is null);
        if (without > 0)
            _run.Warn($"set '{set}': {without} of {lattices.Length} utterances have no lattice, as no path reached an end; "
                + "they train nothing by it");
        return lattices;
    }
}
