using Mimir.Decode.Graphs;
using Mimir.Decode.Language;

namespace Mimir.Decode.Lattices.Rescoring;

/// <summary>An n-gram model of any size, used as it is: states are the histories that come up, and no transducer is built.</summary>
public sealed class NgramWordModel : WordModel
{
    private readonly NgramModel _model;
    private readonly Dictionary<int, int> _words = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<int[]> _histories = [];
    private readonly int _end;
    private readonly int _unknown;

    /// <summary>Creates a model.</summary>
    /// <param name="model">The n-gram model.</param>
    /// <param name="words">The words of the lattice; those that the model lacks count as its unknown word.</param>
    /// <param name="unknown">The model's unknown word; where it has none, words that it lacks have no path.</param>
    public NgramWordModel(NgramModel model, SymbolTable words, string unknown = "<unk>")
    {
        _model = model;
        var labels = model.Words.Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        _unknown = labels.GetValueOrDefault(unknown, -1);
        _end = labels[NgramModel.End];
        foreach (var (symbol, label) in words.Entries)
        {
            if (labels.TryGetValue(symbol, out var word) && model.Has(word))
                _words[label] = word;
        }

        StateOf([labels[NgramModel.Start]]);
    }

    /// <inheritdoc/>
    public override int Start => 0;

    /// <inheritdoc/>
    public override LatticeWeight Final(int state) => new(Cost(state, _end), 0);

    /// <inheritdoc/>
    public override void Find(int state, int label, List<LatticeArc> arcs)
    {
        var word = _words.GetValueOrDefault(label, _unknown);
        if (label != 0 && word >= 0)
            arcs.Add(new LatticeArc(label, label, new LatticeWeight(Cost(state, word), 0), StateOf([.. _histories[state], word])));
    }

    // ARPA files have logarithms to base 10.
    private float Cost(int state, int word) => (float)(-Math.Log(10) * _model.Score(_histories[state], word));

    // The longest end of a history that the model knows tells all that it needs.
    private int StateOf(int[] history)
    {
        var length = Math.Min(history.Length, _model.Order - 1);
        while (length > 1 && _model.Find(history.AsSpan(history.Length - length)) < 0)
            length--;

        history = history[^length..];
        var key = string.Join(' ', history);
        if (_numbers.TryGetValue(key, out var number))
            return number;

        _numbers.Add(key, _histories.Count);
        _histories.Add(history);
        return _histories.Count - 1;
    }
}
