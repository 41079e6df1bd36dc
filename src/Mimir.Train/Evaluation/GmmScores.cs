using Mimir.Base;
using Mimir.Decode.Search;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Evaluation;

/// <summary>
/// The log-likelihoods of an utterance under Gaussian mixtures, for the decoder and the aligner. Blocks of frames are computed when
/// they are asked for, so that an utterance of hours takes no more memory than a short one. For one thread.
/// </summary>
public sealed class GmmScores : IAcousticScores
{
    private const int BlockFrames = 96;

    private readonly GmmScorer _scorer;
    private readonly FloatMatrix _features;
    private readonly IReadOnlyList<int>? _wanted;
    private readonly float[] _scored;
    private readonly (int Block, float[] Values)[] _blocks = [(-1, []), (-1, [])];
    private int _current;

    /// <summary>Scores all pdfs of a model.</summary>
    /// <param name="scorer">The scorer of all pdfs, which utterances share.</param>
    /// <param name="features">The frames, <c>[T, D]</c>.</param>
    /// <exception cref="InputException">The frames have another dimension than the model.</exception>
    public GmmScores(GmmScorer scorer, FloatMatrix features)
        : this(scorer, features, scorer.Pdfs, null)
    {
    }

    /// <summary>Scores some pdfs of a model; all others have minus infinity.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">The frames, <c>[T, D]</c>.</param>
    /// <param name="wanted">The pdfs that an utterance's graph has.</param>
    /// <exception cref="InputException">The frames have another dimension than the model.</exception>
    public GmmScores(AmDiagGmm model, FloatMatrix features, IReadOnlyList<int> wanted)
        : this(new GmmScorer(model, wanted), features, model.Pdfs.Count, wanted)
    {
    }

    private GmmScores(GmmScorer scorer, FloatMatrix features, int pdfs, IReadOnlyList<int>? wanted)
    {
        scorer.Check(features);
        (_scorer, _features, Pdfs, _wanted) = (scorer, features, pdfs, wanted);
        var frames = Math.Min(BlockFrames, features.Rows);
        _scored = wanted is null ? [] : new float[frames * scorer.Pdfs];
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i].Values = new float[frames * pdfs];
            _blocks[i].Values.AsSpan().Fill(float.NegativeInfinity);
        }
    }

    /// <inheritdoc/>
    public int Frames => _features.Rows;

    /// <inheritdoc/>
    public int Pdfs { get; }

    /// <inheritdoc/>
    /// <remarks>The span of the frame before stays valid.</remarks>
    /// <exception cref="InputException">The frames have values that are not finite.</exception>
    public ReadOnlySpan<float> Frame(int frame)
    {
        var block = frame / BlockFrames;
        if (_blocks[_current].Block != block)
        {
            _current = 1 - _current;
            if (_blocks[_current].Block != block)
                Fill(block);
        }

        return _blocks[_current].Values.AsSpan(frame % BlockFrames * Pdfs, Pdfs);
    }

    private void Fill(int block)
    {
        ref var filled = ref _blocks[_current];
        filled.Block = -1;
        var frames = Math.Min(BlockFrames, Frames - (block * BlockFrames));
        _scorer.Score(_features, block * BlockFrames, frames, _wanted is null ? filled.Values : _scored);
        for (var frame = 0; _wanted is not null && frame < frames; frame++)
        {
            for (var i = 0; i < _wanted.Count; i++)
                filled.Values[(frame * Pdfs) + _wanted[i]] = _scored[(frame * _wanted.Count) + i];
        }

        filled.Block = block;
    }
}
