using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Gaussians;

/// <summary>The statistics from which a GMM model is estimated: the contents of Kaldi's <c>.acc</c> files.</summary>
/// <param name="transitions">The count of each transition-id, element 0 unused.</param>
/// <param name="pdfs">The statistics of each pdf.</param>
public sealed class GmmStatistics(double[] transitions, IReadOnlyList<PdfStatistics> pdfs) : IStatistics<GmmStatistics>
{
    /// <summary>Creates statistics of nothing.</summary>
    /// <param name="model">The model with which frames are accumulated.</param>
    /// <param name="parts">The parts of the model that they shall serve to estimate.</param>
    public GmmStatistics(GmmModel model, GmmParts parts = GmmParts.All)
        : this(
            new double[model.Transitions.TransitionCount + 1],
            [.. model.Acoustic.Pdfs.Select(pdf => new PdfStatistics(pdf.Gaussians, pdf.Dimension, parts))])
    {
    }

    /// <summary>Creates statistics of nothing, of frames of another dimension than the model's.</summary>
    /// <param name="model">The model with which frames are accumulated.</param>
    /// <param name="dimension">The dimension of the frames that are added.</param>
    public GmmStatistics(GmmModel model, int dimension)
        : this(
            new double[model.Transitions.TransitionCount + 1],
            [.. model.Acoustic.Pdfs.Select(pdf => new PdfStatistics(pdf.Gaussians, dimension, GmmParts.All))])
    {
    }

    /// <summary>Gets the count of each transition-id, element 0 unused.</summary>
    public double[] Transitions { get; } = transitions;

    /// <summary>Gets the statistics of each pdf.</summary>
    public IReadOnlyList<PdfStatistics> Pdfs { get; } = pdfs;

    /// <summary>Gets the log-likelihood of all frames, without transitions.</summary>
    public double LogLikelihood { get; internal set; }

    /// <summary>Gets the number of frames, by their weights.</summary>
    public double Frames { get; internal set; }

    /// <inheritdoc/>
    public static GmmStatistics Read(string rxfilename, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(rxfilename, io, GmmStatisticsFormat.Read);

    /// <inheritdoc/>
    /// <remarks>In single precision.</remarks>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, writer => GmmStatisticsFormat.Write(writer, this), io);

    /// <summary>Checks a log-likelihood.</summary>
    /// <param name="logLikelihood">The log-likelihood of a frame.</param>
    /// <param name="pdf">The pdf.</param>
    /// <exception cref="InputException">It is not finite.</exception>
    public static void RequireFinite(float logLikelihood, int pdf)
    {
        if (!float.IsFinite(logLikelihood))
        {
            throw new InputException(
                $"the log-likelihood of pdf {pdf} is {logLikelihood}; are there values in the features that are not finite, or is the "
                + "model damaged?");
        }
    }

    /// <summary>Adds a frame of a pdf.</summary>
    /// <param name="model">The mixtures.</param>
    /// <param name="pdf">The pdf.</param>
    /// <param name="frame">The frame, <c>[D]</c>.</param>
    /// <param name="weight">The weight of the frame.</param>
    /// <returns>The log-likelihood of the frame.</returns>
    /// <exception cref="InputException">The log-likelihood is not finite.</exception>
    public float Add(AmDiagGmm model, int pdf, ReadOnlySpan<float> frame, float weight = 1) => Add(model, pdf, frame, frame, weight);

    /// <summary>Adds a frame of a pdf by the posteriors that the Gaussians have for another frame.</summary>
    /// <param name="model">The mixtures.</param>
    /// <param name="pdf">The pdf.</param>
    /// <param name="seen">The frame that the mixtures see.</param>
    /// <param name="frame">The frame that is added, of the dimension of the statistics.</param>
    /// <param name="weight">The weight of the frame.</param>
    /// <returns>The log-likelihood of the frame that the mixtures see.</returns>
    /// <exception cref="InputException">The log-likelihood is not finite.</exception>
    public float Add(AmDiagGmm model, int pdf, ReadOnlySpan<float> seen, ReadOnlySpan<float> frame, float weight)
    {
        var logLikelihood = Pdfs[pdf].Add(model.Pdfs[pdf], seen, frame, weight);
        RequireFinite(logLikelihood, pdf);
        LogLikelihood += logLikelihood * weight;
        Frames += weight;
        return logLikelihood;
    }

    /// <inheritdoc/>
    public void Add(GmmStatistics other)
    {
        if (other.Transitions.Length != Transitions.Length
            || !other.Pdfs.Select(pdf => pdf.Size).SequenceEqual(Pdfs.Select(pdf => pdf.Size)))
        {
            throw new InputException(
                $"statistics of {other.Pdfs.Count} pdfs, {other.Pdfs.Sum(pdf => pdf.Gaussians)} Gaussians and "
                + $"{other.Transitions.Length - 1} transition-ids and those before of {Pdfs.Count}, {Pdfs.Sum(pdf => pdf.Gaussians)} and "
                + $"{Transitions.Length - 1} do not add up; they are of different models, or of different update flags.");
        }

        for (var i = 0; i < Transitions.Length; i++)
            Transitions[i] += other.Transitions[i];
        for (var pdf = 0; pdf < Pdfs.Count; pdf++)
            Pdfs[pdf].Add(other.Pdfs[pdf]);

        LogLikelihood += other.LogLikelihood;
        Frames += other.Frames;
    }

    /// <summary>Returns the frames of each pdf, by which mixing up and down shares Gaussians out.</summary>
    public float[] Occupancies() => [.. Pdfs.Select(pdf => (float)pdf.Count)];

    /// <summary>Checks that the statistics are of a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">The sizes differ.</exception>
    public void RequireFit(GmmModel model)
    {
        if (Transitions.Length != model.Transitions.TransitionCount + 1 || Pdfs.Count != model.Acoustic.Pdfs.Count)
        {
            throw new InputException(
                $"The statistics are of {Pdfs.Count} pdfs and {Transitions.Length - 1} transition-ids, the model has "
                + $"{model.Acoustic.Pdfs.Count} and {model.Transitions.TransitionCount}; accumulate with this model.");
        }

        for (var pdf = 0; pdf < Pdfs.Count; pdf++)
        {
            var (statistics, mixture) = (Pdfs[pdf], model.Acoustic.Pdfs[pdf]);
            if ((statistics.Gaussians, statistics.Dimension) != (mixture.Gaussians, mixture.Dimension))
            {
                throw new InputException(
                    $"The statistics of pdf {pdf} are of {statistics.Gaussians} Gaussians of {statistics.Dimension} dimensions, the model "
                    + $"has {mixture.Gaussians} of {mixture.Dimension}; accumulate with this model.");
            }
        }
    }
}
