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
}
