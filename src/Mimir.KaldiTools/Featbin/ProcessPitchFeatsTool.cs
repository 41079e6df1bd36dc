using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Pitch;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>process-kaldi-pitch-feats: turns tracked pitch into features.</summary>
internal sealed class ProcessPitchFeatsTool()
    : KaldiTool<ProcessPitchFeatsTool.Options>(
        "process-kaldi-pitch-feats",
        "Post-process Kaldi pitch features, consisting of pitch and NCCF, into features suitable for input to ASR system.",
        "<feat-rspecifier> <feats-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>The features made of the tracked pitch.</summary>
        [IncludeOptions]
        public PitchPostOptions Post { get; init; } = new();

        /// <summary>Seed of the noise on the derivative of log pitch.</summary>
        [Option("srand")]
        public int Seed { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var processor = new PitchPostProcessor(options.Post);
        var (done, _) = TableLoops.MapMatrices(arguments[0], arguments[1], io, (key, pitch) =>
        {
            try
            {
                return processor.Process(pitch, SeededRandom.SeedOf((ulong)options.Seed, key));
            }
            catch (InputException failure)
            {
                throw new InputException($"{arguments[0]}: utterance '{key}': {failure.Message}", failure);
            }
        });
        log.Log($"Post-processed pitch for {done} utterances.");
        return done != 0;
    }
}
