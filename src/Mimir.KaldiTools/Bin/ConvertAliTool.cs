using Mimir.Base.Options;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>convert-ali: converts alignments to those of another model and tree.</summary>
internal sealed class ConvertAliTool()
    : KaldiTool<ConvertAliTool.Options>(
        "convert-ali",
        "Convert alignments from one decision-tree/model to another",
        "<old-model> <new-model> <new-tree> <old-alignments-rspecifier> <new-alignments-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>File with lines of a phone and the phone that it becomes.</summary>
        [Option("phone-map")]
        public string PhoneMap { get; init; } = "";

        /// <summary>Put self-loops behind the arc that leaves their state.</summary>
        [Option("reorder")]
        public bool Reorder { get; init; } = true;

        /// <summary>Repeat the frames that became one, so that the length is the same.</summary>
        [Option("repeat-frames")]
        public bool RepeatFrames { get; init; }

        /// <summary>Number of frames that become one.</summary>
        [Option("frame-subsampling-factor", Min = 1)]
        public int Subsampling { get; init; } = 1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var from = TransitionModel.Read(arguments[0], io);
        var to = TransitionModel.Read(arguments[1], io);
        var converter = new AlignmentConverter(from, to, ContextDependency.Read(arguments[2], io), new AlignmentConversion
        {
            PhoneMap = options.PhoneMap.Length > 0 ? PhoneSets.ReadMap(options.PhoneMap, io) : null,
            Reorder = options.Reorder,
            RepeatFrames = options.RepeatFrames,
            Subsampling = options.Subsampling,
        });
        var (done, failed) = KaldiTables.IntVector.Map(
            KaldiTables.IntVector.Read(arguments[3], io), arguments[4], io, (key, alignment) =>
            {
                Posteriors.Check(from, key, alignment);
                var converted = converter.Convert(alignment);
                if (converted is null)
                    log.Warning($"Could not convert alignment for key {key} (possibly truncated alignment?)");

                return converted;
            });
        log.Log($"Succeeded converting alignments for {done} files, failed for {failed}");
        return done != 0;
    }
}
