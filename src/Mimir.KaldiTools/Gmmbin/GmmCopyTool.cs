using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-copy: copies a model, or one of its two parts.</summary>
internal sealed class GmmCopyTool()
    : KaldiTool<GmmCopyTool.Options>(
        "gmm-copy", "Copy GMM based model (and possibly change binary/text format)", "<model-in> <model-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Read and write the mixtures.</summary>
        [Option("copy-am")]
        public bool CopyMixtures { get; init; } = true;

        /// <summary>Read and write the transition model.</summary>
        [Option("copy-tm")]
        public bool CopyTransitions { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        switch (options)
        {
            case { CopyMixtures: true, CopyTransitions: true }:
                GmmModel.Read(arguments[0], io).Write(arguments[1], options.Binary, io);
                break;
            case { CopyTransitions: true }:
                TransitionModel.Read(arguments[0], io).Write(arguments[1], options.Binary, io);
                break;
            case { CopyMixtures: true }:
                AmDiagGmm.Read(arguments[0], io).Write(arguments[1], options.Binary, io);
                break;
            default:
                throw new InputException("--copy-am=false and --copy-tm=false leave nothing to copy.");
        }

        log.Log($"Written model to {arguments[1]}");
        return true;
    }
}
