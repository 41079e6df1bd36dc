using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Gaussians;

/// <summary>The weights of the Gaussians of some pdfs in each frame of an utterance (Kaldi: <c>GaussPost</c>).</summary>
/// <param name="Frames">For each frame its pdfs, each with a weight for each of its Gaussians.</param>
public sealed record GaussianPosterior(IReadOnlyList<IReadOnlyList<(int Pdf, float[] Weights)>> Frames)
{
    /// <summary>Gets the table of Gaussian posteriors.</summary>
    public static Table<GaussianPosterior> Table { get; } = new(new GaussianPosteriorHolder());
}

/// <summary>Gaussian posteriors as Kaldi writes them: counts, pdfs and vectors.</summary>
internal sealed class GaussianPosteriorHolder : Holder<GaussianPosterior>
{
    // The lists grow with what is read, so that a damaged count allocates nothing.
    public override GaussianPosterior Read(KaldiReader reader, bool binary)
    {
        List<IReadOnlyList<(int, float[])>> frames = [];
        for (var left = Count(reader, binary, "frames"); left > 0; left--)
        {
            List<(int, float[])> pdfs = [];
            for (var pairs = Count(reader, binary, "pdfs"); pairs > 0; pairs--)
            {
                var pdf = reader.ReadInt(binary);
                var weights = reader.ReadVector(binary);
                if (pdf < 0 || weights.Any(weight => !float.IsFinite(weight)))
                    throw reader.Error($"frame {frames.Count}: expected a pdf with finite weights of its Gaussians, got pdf {pdf}.");

                pdfs.Add((pdf, weights));
            }

            frames.Add(pdfs);
        }

        return new GaussianPosterior(frames);
    }

    public override void Write(KaldiWriter writer, GaussianPosterior value)
    {
        writer.WriteInt(value.Frames.Count);
        foreach (var pdfs in value.Frames)
        {
            writer.WriteInt(pdfs.Count);
            foreach (var (pdf, weights) in pdfs)
            {
                writer.WriteInt(pdf);
                writer.WriteVector(weights);
            }
        }

        writer.WriteNewLine();
    }

    private static int Count(KaldiReader reader, bool binary, string what)
    {
        var count = reader.ReadInt(binary);
        return count >= 0 ? count : throw reader.Error($"expected a number of {what}, got {count}.");
    }
}
