using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Gaussians;

/// <summary>
/// The log-likelihoods of many frames under all pdfs of a model, or some of them, at full speed. Several threads may use one scorer.
/// </summary>
/// <remarks>
/// Frames lie along the lanes of the vector unit. A tile of four Gaussians meets a strip of three vectors of frames in twelve
/// accumulators, as a product of matrices does it; the sum over the Gaussians of a pdf is then taken for all lanes at once. The
/// parameters pass the cache once for 96 frames. <see cref="DiagGmm.LogLikelihood"/> is the plain form.
/// </remarks>
public sealed class GmmScorer
{
    /// <summary>The frames of a block: a multiple of three vectors of any width up to 16 floats twice.</summary>
    private const int BlockFrames = 96;

    private const int Tile = 4;
    private const int LeastGaussians = 32;

    private readonly DiagGmm[] _pdfs;
    private readonly int[] _pdfIds;
    private readonly List<Group> _groups = [];
    private readonly int _dimension;

    /// <summary>Prepares the parameters of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pdfs">The pdfs to score, such as those of an utterance's graph; null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model does not have one of the pdfs.</exception>
    public GmmScorer(AmDiagGmm model, IReadOnlyList<int>? pdfs = null)
    {
        _dimension = model.Dimension;
        _pdfIds = [.. pdfs ?? [.. Enumerable.Range(0, model.Pdfs.Count)]];
        _pdfs = Array.ConvertAll(_pdfIds, pdf => model.Pdfs[pdf]);
        for (var first = 0; first < _pdfs.Length;)
        {
            var (last, gaussians) = (first, 0);
            while (last < _pdfs.Length && gaussians < LeastGaussians)
                gaussians += _pdfs[last++].Gaussians;

            _groups.Add(new Group(first, _pdfs.AsSpan(first..last), gaussians, _dimension));
            first = last;
        }
    }

    /// <summary>Gets the number of pdfs that are scored.</summary>
    public int Pdfs => _pdfs.Length;

    /// <summary>Scores all frames of an utterance.</summary>
    /// <param name="features">The frames, <c>[T, D]</c>.</param>
    /// <returns>The log-likelihoods, <c>[T, P]</c>, with the pdfs in the order of the constructor.</returns>
    /// <exception cref="InputException">The frames have another dimension than the model, or are not numbers.</exception>
    public FloatMatrix Score(FloatMatrix features)
    {
        var scores = new FloatMatrix(features.Rows, Pdfs);
        Score(features, 0, features.Rows, scores.Data);
        return scores;
    }

    /// <summary>Scores some frames of an utterance.</summary>
    /// <param name="features">The frames, <c>[T, D]</c>.</param>
    /// <param name="first">The first frame to score.</param>
    /// <param name="frames">The number of frames to score, N.</param>
    /// <param name="scores">Receives the log-likelihoods, <c>[N, P]</c>.</param>
    /// <exception cref="InputException">The frames have another dimension than the model, or are not numbers.</exception>
    public void Score(FloatMatrix features, int first, int frames, Span<float> scores)
    {
        Check(features);
        var block = new float[2 * _dimension * BlockFrames];
        var work = new float[_groups.Count == 0 ? 0 : _groups.Max(group => group.Gaussians) * BlockFrames];
        var sums = new float[BlockFrames];
        for (var start = 0; start < frames; start += BlockFrames)
        {
            var size = Math.Min(BlockFrames, frames - start);
            Fill(block, features, first + start, size);
            foreach (var group in _groups)
            {
                group.Multiply(block, work, size);
                for (var (i, gaussian) = (0, 0); i < group.Sizes.Length; gaussian += group.Sizes[i++])
                {
                    SumOver(work.AsSpan(gaussian * BlockFrames, group.Sizes[i] * BlockFrames), sums, size);
                    var pdf = group.FirstPdf + i;
                    for (var frame = 0; frame < size; frame++)
                        scores[((start + frame) * Pdfs) + pdf] = sums[frame];
                }
            }
        }

        CheckFinite(scores[..(frames * Pdfs)], first);
    }

    /// <summary>Checks that the model can score frames.</summary>
    /// <param name="features">The frames, <c>[T, D]</c>.</param>
    /// <exception cref="InputException">The frames have another dimension than the model.</exception>
    public void Check(FloatMatrix features)
    {
        if (features.Columns != _dimension && features.Rows > 0)
            throw new InputException($"The frames have {features.Columns} values, the model has {_dimension} dimensions.");
    }

    // The values of the frames and half of their squares, dimension by dimension; frames that are missing are 0.
    private void Fill(float[] block, FloatMatrix features, int first, int size)
    {
        Array.Clear(block);
        var squares = block.AsSpan(_dimension * BlockFrames);
        for (var frame = 0; frame < size; frame++)
        {
            var row = features.Row(first + frame);
            for (var i = 0; i < row.Length; i++)
            {
                block[(i * BlockFrames) + frame] = row[i];
                squares[(i * BlockFrames) + frame] = -0.5f * row[i] * row[i];
            }
        }
    }

    private static void SumOver(ReadOnlySpan<float> gaussians, Span<float> sums, int size)
    {
        if (gaussians.Length == BlockFrames)
        {
            gaussians[..size].CopyTo(sums);
            return;
        }

        ref var values = ref MemoryMarshal.GetReference(gaussians);
        for (var lane = 0; lane < size; lane += Vector<float>.Count)
        {
            var largest = Vector.LoadUnsafe(ref values, (nuint)lane);
            for (var at = lane + BlockFrames; at < gaussians.Length; at += BlockFrames)
                largest = Vector.Max(largest, Vector.LoadUnsafe(ref values, (nuint)at));

            var sum = Vector<float>.Zero;
            for (var at = lane; at < gaussians.Length; at += BlockFrames)
                sum += Vector.Exp(Vector.LoadUnsafe(ref values, (nuint)at) - largest);

            (largest + Vector.Log(sum)).CopyTo(sums[lane..]);
        }
    }

    private void CheckFinite(ReadOnlySpan<float> scores, int first)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (!float.IsFinite(scores[i]))
            {
                throw new InputException(
                    $"frame {first + (i / Pdfs)}: the log-likelihood of pdf {_pdfIds[i % Pdfs]} is {scores[i]}; are there values in the "
                    + "features that are not finite, or is the model damaged?");
            }
        }
    }

    /// <summary>Some pdfs, with their parameters in the order in which the tiles need them.</summary>
    private sealed class Group
    {
        // For each tile its constants, [4], then for each dimension the scaled means and for each the inverse variances, [4] each.
        private readonly float[] _parameters;
        private readonly int _dimensions;
        private readonly int _tiles;

        public Group(int firstPdf, ReadOnlySpan<DiagGmm> pdfs, int gaussians, int dimension)
        {
            FirstPdf = firstPdf;
            Sizes = new int[pdfs.Length];
            _dimensions = 2 * dimension;
            _tiles = (gaussians + Tile - 1) / Tile;
            _parameters = new float[_tiles * Tile * (1 + _dimensions)];
            var next = 0;
            for (var i = 0; i < pdfs.Length; i++)
            {
                var pdf = pdfs[i];
                Sizes[i] = pdf.Gaussians;
                for (var gaussian = 0; gaussian < pdf.Gaussians; gaussian++, next++)
                {
                    var tile = _parameters.AsSpan(next / Tile * Tile * (1 + _dimensions));
                    var lane = next % Tile;
                    tile[lane] = pdf.Constants[gaussian];
                    for (var d = 0; d < dimension; d++)
                    {
                        tile[((1 + d) * Tile) + lane] = pdf.ScaledMeans[gaussian, d];
                        tile[((1 + dimension + d) * Tile) + lane] = pdf.InverseVariances[gaussian, d];
                    }
                }
            }
        }

        public int FirstPdf { get; }

        public int[] Sizes { get; }

        /// <summary>Gets the number of Gaussians in whole tiles.</summary>
        public int Gaussians => _tiles * Tile;

        /// <summary>Computes the log-likelihoods of a block of frames under each Gaussian.</summary>
        /// <param name="block">The frames and half their negative squares, <c>[2 D, 96]</c>.</param>
        /// <param name="result">Receives the values, <c>[G, 96]</c>, as far as there are frames.</param>
        /// <param name="size">The number of frames in the block.</param>
        public void Multiply(float[] block, float[] result, int size)
        {
            for (var tile = 0; tile < _tiles; tile++)
            {
                ref var parameters = ref _parameters[tile * Tile * (1 + _dimensions)];
                for (var frame = 0; frame < size; frame += 3 * Vector<float>.Count)
                    MultiplyTile(ref parameters, ref block[frame], ref result[(tile * Tile * BlockFrames) + frame], _dimensions);
            }
        }

        private static void MultiplyTile(ref float parameters, ref float frames, ref float result, int dimensions)
        {
            var width = Vector<float>.Count;
            Vector<float> a0, a1, a2, b0, b1, b2, c0, c1, c2, d0, d1, d2;
            a0 = a1 = a2 = new Vector<float>(parameters);
            b0 = b1 = b2 = new Vector<float>(Unsafe.Add(ref parameters, 1));
            c0 = c1 = c2 = new Vector<float>(Unsafe.Add(ref parameters, 2));
            d0 = d1 = d2 = new Vector<float>(Unsafe.Add(ref parameters, 3));
            for (var k = 0; k < dimensions; k++)
            {
                parameters = ref Unsafe.Add(ref parameters, Tile);
                var x0 = Vector.LoadUnsafe(ref frames);
                var x1 = Vector.LoadUnsafe(ref frames, (nuint)width);
                var x2 = Vector.LoadUnsafe(ref frames, (nuint)(2 * width));
                frames = ref Unsafe.Add(ref frames, BlockFrames);
                var p = new Vector<float>(parameters);
                (a0, a1, a2) = (Add(p, x0, a0), Add(p, x1, a1), Add(p, x2, a2));
                p = new Vector<float>(Unsafe.Add(ref parameters, 1));
                (b0, b1, b2) = (Add(p, x0, b0), Add(p, x1, b1), Add(p, x2, b2));
                p = new Vector<float>(Unsafe.Add(ref parameters, 2));
                (c0, c1, c2) = (Add(p, x0, c0), Add(p, x1, c1), Add(p, x2, c2));
                p = new Vector<float>(Unsafe.Add(ref parameters, 3));
                (d0, d1, d2) = (Add(p, x0, d0), Add(p, x1, d1), Add(p, x2, d2));
            }

            Store(ref result, a0, a1, a2);
            Store(ref Unsafe.Add(ref result, BlockFrames), b0, b1, b2);
            Store(ref Unsafe.Add(ref result, 2 * BlockFrames), c0, c1, c2);
            Store(ref Unsafe.Add(ref result, 3 * BlockFrames), d0, d1, d2);
        }

        private static Vector<float> Add(Vector<float> parameter, Vector<float> frames, Vector<float> sum) =>
            Vector.MultiplyAddEstimate(parameter, frames, sum);

        private static void Store(ref float target, Vector<float> first, Vector<float> second, Vector<float> third)
        {
            first.StoreUnsafe(ref target);
            second.StoreUnsafe(ref target, (nuint)Vector<float>.Count);
            third.StoreUnsafe(ref target, (nuint)(2 * Vector<float>.Count));
        }
    }
}
