using Mimir.Decode.Alignment;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Trees;
using Mimir.Train.Recipes;

namespace Mimir.Train.Start;

/// <summary>
/// The first alignments of monophones: pauses where the energy is low, equal alignments between them; equal alignments alone where
/// that does not fit.
/// </summary>
internal sealed class FlatAlignment
{
    private readonly StartJob _job;
    private readonly TrainingGraphs _compiler;
    private readonly ILookup<int, int[]> _phones;
    private readonly int _silence;
    private readonly int _states;
    private readonly int _silenceStates;
    private readonly Func<IReadOnlyList<int>, VectorFst> _graphs;

    /// <summary>Prepares the alignments of a monophone model.</summary>
    public FlatAlignment(StartJob job, ContextDependency tree, TransitionModel model)
    {
        var language = LangDirectory.Read(job.Folder.Language);
        _job = job;
        _silence = language.OptionalSilence[0];
        _silenceStates = model.Topology.EntryOf(_silence).States.Count - 1;
        _states = language.SpeechPhones.Select(phone => model.Topology.EntryOf(phone).States.Count - 1).DefaultIfEmpty(1).Max();
        _phones = language.AlignLexicon.Where(entry => entry.Word != 0).ToLookup(entry => entry.Word, entry => entry.Phones.ToArray());
        _graphs = StartGraphs.Of(job, tree, model);
        _compiler = new(
            job.Language.Lexicon, tree, model, job.Language.Disambiguation, new() { TransitionScale = 0, SelfLoopScale = 0 });
    }

    /// <summary>Aligns a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="frames">The frames of its utterances.</param>
    public Dictionary<string, int[]> Align(StartSet set, IReadOnlyDictionary<string, int> frames)
    {
        var energies = Energies(set);
        var aligned = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (id, count) in frames)
        {
            var words = set.Words[id];
            if (energies.GetValueOrDefault(id) is { } energy && energy.Length == count && ByPauses(id, words, energy) is { } found)
            {
                aligned.Add(id, found);
                continue;
            }

            var (equal, failure) = EqualAlignment.Find(_graphs(words), count, EqualAlignment.SeedOf(id));
            if (equal is not null)
                aligned.Add(id, equal);
            else
                _job.Failures[id] = failure ?? "it is too short for its transcript";
        }

        return aligned;
    }

    private Dictionary<string, float[]> Energies(StartSet set)
    {
        var cepstra = _job.Cepstra(deltas: false);
        var options = new Dictionary<string, string>(cepstra.Options) { ["use-energy"] = "true" };
        var loader = _job.Loader(cepstra with { Options = options, Cmvn = new() { Per = CmvnScope.None } });
        return set.Load(loader, _job.Cancellation).ToDictionary(entry => entry.Id, entry => First(entry.Features), StringComparer.Ordinal);
    }

    private static float[] First(FloatMatrix features) => [.. Enumerable.Range(0, features.Rows).Select(frame => features[frame, 0])];

    private int[]? ByPauses(string id, int[] words, float[] energy)
    {
        var seed = (uint)EqualAlignment.SeedOf(id);
        var spoken = new int[words.Length][];
        for (var word = 0; word < words.Length; word++)
        {
            var known = _phones[words[word]].ToList();
            if (known.Count == 0)
                return null;

            spoken[word] = known[(int)((seed + (uint)word) % (uint)known.Count)];
        }

        var parts = PausePlacement.Divide(
            energy.Length, PausePlacement.Find(energy), [.. spoken.Select(phones => phones.Length)], _states, _silenceStates);
        if (parts is null)
            return null;

        var transitions = new List<int>();
        foreach (var part in parts)
        {
            int[] phones = part.IsPause ? [_silence] : [.. spoken[part.First..part.Last].SelectMany(word => word)];
            var graph = _compiler.MakeOfPhones(LinearGraph.Of(phones));
            if (EqualAlignment.Find(graph, part.End - part.Begin, (int)seed).Transitions is not { } piece)
                return null;

            transitions.AddRange(piece);
        }

        return transitions.Count == energy.Length ? [.. transitions] : null;
    }
}
