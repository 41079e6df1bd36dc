using System.Globalization;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Building;

/// <summary>The folder of a decoding graph as Kaldi's mkgraph.sh leaves it, and the folder of a language it is made from.</summary>
public static class GraphFolder
{
    private static readonly string[] OfLanguage =
    [
        "words.txt", "phones.txt", "phones/word_boundary.int", "phones/word_boundary.txt", "phones/align_lexicon.int",
        "phones/align_lexicon.txt", "phones/optional_silence.int", "phones/optional_silence.txt", "phones/optional_silence.csl",
        "phones/disambig.int", "phones/disambig.txt", "phones/silence.csl",
    ];

    /// <summary>Writes a graph and what decoding and scoring need beside it; each file is whole or not there.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="graph">HCLG.</param>
    /// <param name="language">The folder of the language; files that it has not are left out.</param>
    /// <param name="model">The transition model.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(string folder, VectorFst graph, string language, TransitionModel model)
    {
        Directory.CreateDirectory(Path.Combine(folder, "phones"));
        FstWriter.Write(Path.Combine(folder, "HCLG.fst"), graph);
        foreach (var file in OfLanguage)
        {
            if (Find(language, file) is { } source)
                AtomicFile.WriteText(Path.Combine(folder, file), File.ReadAllText(source));
        }

        AtomicFile.WriteText(
            Path.Combine(folder, "num_pdfs"), model.PdfCount.ToString(CultureInfo.InvariantCulture) + "\n");
    }

    /// <summary>Reads the symbols of disambiguation among the phones of a language.</summary>
    /// <exception cref="FileNotFoundException">The folder has no <c>phones/disambig.int</c>.</exception>
    public static int[] Disambiguation(string language) => IntegerList.Read(
        Find(language, "phones/disambig.int") ?? throw new FileNotFoundException($"{language}: no file phones/disambig.int"));

    /// <summary>Reads the word for unknown words of a language; none where the folder does not say.</summary>
    public static int[] UnknownWord(string language) => Find(language, "oov.int") is { } file ? IntegerList.Read(file) : [];

    /// <summary>Finds a file of a language, also gzipped.</summary>
    /// <returns>Its path, or null.</returns>
    public static string? Find(string language, string file)
    {
        string[] places =
        [
            Path.Combine(language, file), Path.Combine(language, file + ".gz"), Path.Combine(language, Path.GetFileName(file)),
        ];
        return places.FirstOrDefault(File.Exists);
    }
}
