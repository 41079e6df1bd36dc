using System.Globalization;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>nbest-to-ctm: writes the words of linear lattices with their times.</summary>
internal sealed class NbestToCtmTool()
    : KaldiTool<NbestToCtmTool.Options>(
        "nbest-to-ctm",
        "Takes as input lattices which must be linear (single path), with transition-ids that have been aligned with the word "
            + "boundaries (lattice-1best, then lattice-align-words), and writes ctm lines with integers in place of words.",
        "<aligned-linear-lattice-rspecifier> <ctm-wxfilename>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write silences too, as word 0.</summary>
        [Option("print-silence")]
        public bool PrintSilence { get; init; }

        /// <summary>Seconds from frame to frame.</summary>
        [Option("frame-shift")]
        public float FrameShift { get; init; } = 0.01f;

        /// <summary>Decimal places of times; at least 3 for a shift below 0.01.</summary>
        [Option("precision", Min = 0)]
        public int Precision { get; init; } = 2;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        // A shift of 0.01 as a float is a little below a hundredth.
        var digits = options.FrameShift < 0.01 && options.Precision <= 2 ? 3 : options.Precision;
        digits = options.FrameShift < 0.001 && digits <= 3 ? 4 : digits;
        var (done, errors) = (0, 0);
        KaldiOutput.WriteOne(arguments[1], false, writer =>
        {
            foreach (var (key, lattice) in WordLattice.Table.Read(arguments[0], io))
            {
                if (LinearLattice.Words(lattice) is not { } words)
                {
                    log.Warning(lattice.StateCount == 0 ? "Empty lattice." : "Lattice is not linear.");
                    log.Warning($"Format conversion failed for key {key}");
                    errors++;
                    continue;
                }

                if (!lattice.FinalAlignment(lattice.StateCount - 1).IsEmpty)
                {
                    log.Warning("Lattice has alignments on final-weight: probably was not word-aligned (alignments will be "
                        + "approximate)");
                }

                done++;
                foreach (var word in words.Where(word => word.Word != 0 || options.PrintSilence))
                    writer.WriteText($"{key} 1 {Seconds(word.Begin)} {Seconds(word.Frames)} {word.Word}\n");
            }
        }, io);
        log.Log($"Converted {done} linear lattices to ctm format; {errors} had errors.");
        return done != 0;

        string Seconds(int frames) => ((double)(options.FrameShift * frames)).ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
