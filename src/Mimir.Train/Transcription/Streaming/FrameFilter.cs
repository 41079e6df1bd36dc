using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Transcription.Streaming;

/// <summary>
/// Applies a function of whole utterances, each of whose frames depends on its neighbours only, to frames that come in pieces: an
/// output is given when the frames after it are there that it depends on.
/// </summary>
/// <param name="reach">The frames before and after a frame that its output depends on.</param>
/// <param name="step">The number of outputs that are computed at once; the last ones may be fewer.</param>
/// <param name="apply">The function: as many rows out as in.</param>
internal sealed class FrameFilter(FrameReach reach, int step, Func<FloatMatrix, FloatMatrix> apply)
{
    private FloatMatrix _frames = new(0, 0);

    // The place in the buffer of the next output.
    private int _next;

    /// <summary>Takes frames.</summary>
    /// <param name="frames">The next frames, <c>[T, D]</c>.</param>
    /// <param name="isLast">True at the end of the stream, where there are no frames after the last one.</param>
    /// <returns>The outputs that are known now, in pieces of one step.</returns>
    public IEnumerable<FloatMatrix> Accept(FloatMatrix frames, bool isLast = false)
    {
        _frames = FeatureFrames.Concatenate([_frames, frames]);
        while (Ready(isLast) is var count and > 0)
        {
            var end = Math.Min(_frames.Rows, _next + count + reach.After);
            var output = Rows(apply(Rows(_frames, 0, end)), _next, count);
            _next += count;
            Drop(_next - reach.Before);
            yield return output;
        }
    }

    /// <summary>Forgets all frames before the next output: an utterance ends here.</summary>
    public void Restart() => Drop(_next);

    private int Ready(bool isLast)
    {
        var known = _frames.Rows - _next - (isLast ? 0 : reach.After);
        return known >= step ? step : isLast ? known : 0;
    }

    private void Drop(int count)
    {
        if (count <= 0)
            return;

        _frames = Rows(_frames, count, _frames.Rows - count);
        _next -= count;
    }

    private static FloatMatrix Rows(FloatMatrix matrix, int first, int count) =>
        new(count, matrix.Columns, matrix.Data.AsSpan(first * matrix.Columns, count * matrix.Columns).ToArray());
}
