using Mimir.Base.Options;
using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Features.Pitch;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>process-kaldi-pitch-feats: features of a tracked pitch.</summary>
internal sealed class ProcessPitchTool : KaldiTool
{
    private PitchPostOptions _options = new();
    private int _seed;

    /// <summary>Creates the program.</summary>
    public ProcessPitchTool()
        : base(
            "process-kaldi-pitch-feats",
            "Post-process Kaldi pitch features, consisting of pitch and NCCF, into features suitable for input to ASR system.",
            "<feat-rspecifier> <feats-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        foreach (var option in Option.Of(typeof(PitchPostOptions)))
            parser.Add(option.Name, option.TypeName, option.Format(_options), option.Description, v => _options = option.With(_options, v));

        parser.AddInt(
            "srand", 0, "Seed for random number generator, used to add noise to delta-log-pitch features", v => _seed = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var processor = new PitchPostProcessor(_options);
        using var output = KaldiTables.Matrix.Create(arguments[1], io);
        var done = 0;
        try
        {
            foreach (var (key, pitch) in KaldiTables.Matrix.Read(arguments[0], io))
            {
                try
                {
                    output.Write(key, processor.Process(pitch, FeatureExtraction.DitherSeed((ulong)_seed, key)));
                }
                catch (InputException failure)
                {
                    throw new InputException($"{arguments[0]}: utterance '{key}': {failure.Message}", failure);
                }

                done++;
            }
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }

        log.Log($"Post-processed pitch for {done} utterances.");
        return done != 0;
    }
}
