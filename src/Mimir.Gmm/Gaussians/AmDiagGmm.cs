using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Gaussians;

/// <summary>The mixtures of all pdfs of an acoustic model (Kaldi: <c>AmDiagGmm</c>). Immutable.</summary>
public sealed class AmDiagGmm
{
    /// <summary>Creates a model.</summary>
    /// <param name="pdfs">The mixture of each pdf.</param>
    /// <exception cref="ArgumentException">There is none, or their dimensions differ.</exception>
    public AmDiagGmm(IReadOnlyList<DiagGmm> pdfs)
    {
        if (pdfs.Count == 0)
            throw new ArgumentException("The model has no pdfs.");

        Pdfs = [.. pdfs];
        Dimension = pdfs[0].Dimension;
        for (var pdf = 0; pdf < pdfs.Count; pdf++)
        {
            if (pdfs[pdf].Dimension != Dimension)
                throw new ArgumentException($"Pdf {pdf} has {pdfs[pdf].Dimension} dimensions, pdf 0 has {Dimension}.");
        }

        Gaussians = pdfs.Sum(pdf => pdf.Gaussians);
    }

    /// <summary>Gets the mixtures by pdf.</summary>
    public IReadOnlyList<DiagGmm> Pdfs { get; }

    /// <summary>Gets the dimension of a frame.</summary>
    public int Dimension { get; }

    /// <summary>Gets the number of Gaussians of all pdfs.</summary>
    public int Gaussians { get; }

    /// <summary>Returns a model of frames of another dimension: the same weights, with mean 0 and variance 1.</summary>
    /// <param name="dimension">The dimension.</param>
    public AmDiagGmm Resized(int dimension) => new([.. Pdfs.Select(pdf =>
    {
        var inverses = new FloatMatrix(pdf.Gaussians, dimension);
        Array.Fill(inverses.Data, 1);
        return new DiagGmm(pdf.Weights, new FloatMatrix(pdf.Gaussians, dimension), inverses);
    })]);

    /// <summary>Reads mixtures without a transition model, binary or text, as <c>gmm-copy --copy-tm=false</c> writes them.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">They are no mixtures, or end early.</exception>
    public static AmDiagGmm Read(string rxfilename, KaldiIoOptions? io = null) => KaldiReader.ReadFile(rxfilename, io, GmmFormat.Read);

    /// <summary>Writes the mixtures without a transition model.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, writer => GmmFormat.Write(writer, this), io);
}
