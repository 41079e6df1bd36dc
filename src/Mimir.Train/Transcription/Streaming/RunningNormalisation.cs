using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Recipes;

namespace Mimir.Train.Transcription.Streaming;

/// <summary>
/// Normalises a stream: by the statistics of the training set where the model has them, else by those of the stream so far. The first
/// frames wait until there are some seconds of it; a shorter stream is normalised as a recording is.
/// </summary>
/// <param name="recipe">The normalisation that the model was trained with.</param>
/// <param name="global">The statistics of the training set; null where each speaker or utterance has its own.</param>
internal sealed class RunningNormalisation(CmvnRecipe recipe, CmvnStatistics? global)
{
    /// <summary>The frames that the first ones wait for: three seconds of the usual 10 ms.</summary>
    public const int Wait = 300;

    // A minute: then the older half counts for half, so that the statistics follow the speaker.
    private const int Memory = 6000;

    private readonly bool _isRunning = recipe.Per is CmvnScope.Speaker or CmvnScope.Utterance && recipe.NormMeans;
    private readonly Queue<FloatMatrix> _waiting = [];
    private CmvnStatistics? _statistics;
    private long _seen;

    /// <summary>Takes frames.</summary>
    /// <param name="frames">The next frames, <c>[T, D]</c>.</param>
    /// <param name="isLast">True at the end of the stream.</param>
    /// <returns>The normalised frames, in the order of the stream.</returns>
    public FloatMatrix Accept(FloatMatrix frames, bool isLast = false)
    {
        if (!_isRunning)
        {
            if (recipe.Per == CmvnScope.Global && recipe.NormMeans && frames.Rows > 0)
                global?.Apply(frames, recipe.NormVars);

            return frames;
        }

        var ready = new List<FloatMatrix>();
        for (var t = 0; t < frames.Rows; t++)
        {
            var frame = new FloatMatrix(1, frames.Columns, frames.Row(t).ToArray());
            Count(frame);
            _waiting.Enqueue(frame);
            if (_seen >= Wait)
                Release(ready);
        }

        if (isLast)
            Release(ready);

        return ready.Count > 0 ? FeatureFrames.Concatenate(ready) : new FloatMatrix(0, frames.Columns);
    }

    private void Release(List<FloatMatrix> ready)
    {
        while (_waiting.TryDequeue(out var frame))
        {
            _statistics?.Apply(frame, recipe.NormVars);
            ready.Add(frame);
        }
    }

    private void Count(FloatMatrix frame)
    {
        _statistics ??= new(frame.Columns);
        _statistics.Accumulate(frame);
        _seen++;
        if (_statistics.Count < Memory)
            return;

        var sums = _statistics.ToMatrix();
        for (var row = 0; row < 2; row++)
        {
            for (var column = 0; column < sums.GetLength(1); column++)
                sums[row, column] /= 2;
        }

        _statistics = new(sums);
    }
}
