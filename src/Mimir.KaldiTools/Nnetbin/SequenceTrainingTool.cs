using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.Nnetbin.Frames;
using Mimir.KaldiTools.Nnetbin.Sequences;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>What nnet1's trainers of recurrent networks have in common: they train on sequences.</summary>
/// <param name="time">The clock of its speed.</param>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">What it does.</param>
internal abstract class SequenceTrainingTool(TimeProvider time, string name, string summary) : NnetTrainingTool(time, name, summary)
{
    private const int BatchesAhead = 8;

    /// <summary>Gets what is said before the last batch is told of.</summary>
    protected virtual IReadOnlyList<string> LastWords => [];

    protected override string Data => "several streams";

    protected override bool TellsClassesFirst => true;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        base.AddOptions(parser);
        parser.AddBool("randomize", false, "Dummy option.", _ => { });
    }

    protected override UtteranceOptions Utterances(UtteranceOptions common) => common with
    {
        MissingFrameWeights = "missing frame-weights",
        KeepsFramesWithoutWeight = true,
        MaxFrames = int.MaxValue,
    };

    protected override Func<string> Describe(Nnet1Network network) =>
        () => Nnet1Info.Describe(new Nnet1File(network.ToComponents()));

    /// <summary>Makes the batches.</summary>
    /// <param name="source">The utterances.</param>
    /// <param name="transform">What is done to each first.</param>
    /// <param name="log">Receives what the making of batches tells.</param>
    protected abstract IEnumerable<SequenceBatch> Batches(
        UtteranceSource source, Func<FloatMatrix, FloatMatrix> transform, KaldiLog log);

    protected override int Train(TrainingEpoch epoch)
    {
        var trainer = new SequenceTrainer(epoch.Step)
        {
            LookEvery = epoch.LookEvery,

            // nnet1's BLSTM sees each batch alone, in both directions.
            CarriesState = !epoch.Network.Components.OfType<BlstmProjected>().Any(),
        };
        trainer.Run(
            epoch.Ahead(Batches(epoch.Source, epoch.Transform, epoch.Log), BatchesAhead),
            () =>
            {
                foreach (var line in LastWords)
                    epoch.Log.Log(line);
            });
        return trainer.Utterances;
    }

    protected override string Nothing(UtteranceSource source) => $"No batch came together of {source.Done} utterances";
}
