using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Gaussians;

/// <summary>A whole GMM acoustic model: Kaldi's <c>final.mdl</c>.</summary>
/// <param name="Transitions">The meaning of the transition-ids.</param>
/// <param name="Acoustic">The mixtures of the pdfs.</param>
public sealed record GmmModel(TransitionModel Transitions, AmDiagGmm Acoustic)
{
    /// <summary>Reads a model, binary or text.</summary>
    /// <param name="rxfilename">The file's extended name; <c>.gz</c> is decompressed.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is no GMM model, ends early, or its parts do not fit.</exception>
    public static GmmModel Read(string rxfilename, KaldiIoOptions? io = null) => KaldiReader.ReadFile(rxfilename, io, Read);

    /// <summary>Writes the model as Kaldi does.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, Write, io);

    private static GmmModel Read(KaldiReader reader, bool binary)
    {
        var transitions = TransitionModel.Read(reader, binary);
        if (reader.Peek() < 0)
            throw reader.Error("expected Gaussian mixtures behind the transition model, the file ends here; is it the model of a network?");

        var acoustic = GmmFormat.Read(reader, binary);
        return transitions.PdfCount <= acoustic.Pdfs.Count
            ? new GmmModel(transitions, acoustic)
            : throw reader.Error(
                $"expected {transitions.PdfCount} mixtures, one for each pdf of the transition model, got {acoustic.Pdfs.Count}.");
    }

    private void Write(KaldiWriter writer)
    {
        Transitions.Write(writer);
        GmmFormat.Write(writer, Acoustic);
    }
}
