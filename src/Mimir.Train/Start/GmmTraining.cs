using Mimir.Decode.Search;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Trees;
using Mimir.Train.Alignment;
using Mimir.Train.Evaluation;

namespace Mimir.Train.Start;

/// <summary>The passes of a GMM training.</summary>
/// <param name="Iterations">The number of passes over the data.</param>
/// <param name="Realign">The passes before which the data are aligned again.</param>
/// <param name="Growing">The passes during which Gaussians are added.</param>
/// <param name="Gaussians">The number of Gaussians at the end.</param>
internal sealed record GmmPasses(int Iterations, IReadOnlyCollection<int> Realign, int Growing, int Gaussians)
{
    /// <summary>Gets the beam of the first alignment; later ones have that of the options.</summary>
    public float? FirstBeam { get; init; }

    /// <summary>Gets the least frames of a Gaussian in the first estimation.</summary>
    public float? FirstOccupancy { get; init; }
}

/// <summary>Changes features and model before the statistics of a pass; null where it changes nothing.</summary>
/// <param name="pass">The pass, from 1.</param>
/// <param name="model">The model.</param>
/// <param name="alignments">The alignments.</param>
internal delegate (GmmModel Model, IReadOnlyList<(string Id, FloatMatrix Features)> Features)? PassTransform(
    int pass, GmmModel model, Dictionary<string, int[]> alignments);

/// <summary>
/// Trains Gaussian mixtures as the scripts <c>train_mono.sh</c>, <c>train_deltas.sh</c> and <c>train_lda_mllt.sh</c> of Kaldi do:
/// statistics over alignments, estimation, more Gaussians, and new alignments at some of the passes.
/// </summary>
/// <param name="job">The start.</param>
/// <param name="set">The training set.</param>
/// <param name="tree">The tree of the model.</param>
internal sealed class GmmTraining(StartJob job, StartSet set, ContextDependency tree)
{
    // Sums over parts of the set do not depend on the number of threads.
    private const int Parts = 16;
    private const float Power = 0.25f;

    private static readonly SetAlignmentOptions Beams = new();

    /// <summary>Trains a model.</summary>
    /// <param name="model">The model to begin with.</param>
    /// <param name="features">The features of each utterance; a pass may replace them.</param>
    /// <param name="alignments">The alignments to begin with.</param>
    /// <param name="passes">The passes.</param>
    /// <param name="transform">Changes features and model in a pass before statistics are taken; null for none.</param>
    public (GmmModel Model, Dictionary<string, int[]> Alignments) Run(
        GmmModel model,
        IReadOnlyList<(string Id, FloatMatrix Features)> features,
        Dictionary<string, int[]> alignments,
        GmmPasses passes,
        PassTransform? transform = null)
    {
        var gaussians = model.Acoustic.Gaussians;
        var step = Math.Max(0, (passes.Gaussians - gaussians) / Math.Max(1, passes.Growing));
        for (var pass = 1; pass <= passes.Iterations; pass++)
        {
            job.Cancellation.ThrowIfCancellationRequested();
            if (passes.Realign.Contains(pass))
                alignments = Align(model, features, set, pass == passes.Realign.Min() ? passes.FirstBeam : null);

            if (transform?.Invoke(pass, model, alignments) is { } changed)
                (model, features) = changed;

            var statistics = Accumulate(model, features, alignments);
            var update = pass == 1 && passes.FirstOccupancy is { } least ? new GmmUpdateOptions { MinOccupancy = least } : new();
            model = Estimate(model, statistics, update, gaussians);
            if (pass <= passes.Growing)
                gaussians += step;
            job.Progress.Report(new() { Stage = Reports.RunStage.Training, Epoch = pass, MaxEpochs = passes.Iterations, Unit = "passes" });
        }

        return (model, alignments);
    }

    /// <summary>Aligns a set with a model.</summary>
    public Dictionary<string, int[]> Align(
        GmmModel model, IReadOnlyList<(string Id, FloatMatrix Features)> features, StartSet which, float? beam = null)
    {
        var scorer = new GmmScorer(model.Acoustic);
        return StartAlignment.Align(
            job, which, tree, model.Transitions, beam is { } first ? Beams with { Beam = first } : Beams,
            features.Select(entry => (entry.Id, (IAcousticScores)new GmmScores(scorer, entry.Features))));
    }

    private static GmmModel Estimate(GmmModel model, GmmStatistics statistics, GmmUpdateOptions options, int gaussians)
    {
        var transitions = TransitionEstimator.Update(model.Transitions, statistics.Transitions, new()).Model;
        var acoustic = GmmEstimator.Update(model.Acoustic, statistics.Pdfs, GmmParts.All, options).Model;
        return new(transitions, GmmMixing.Mix(acoustic, statistics.Occupancies(), new() { MixUp = gaussians, Power = Power }));
    }

    private GmmStatistics Accumulate(
        GmmModel model, IReadOnlyList<(string Id, FloatMatrix Features)> features, IReadOnlyDictionary<string, int[]> alignments)
    {
        var sums = new GmmStatistics[Parts];
        Parallel.For(0, Parts, new() { MaxDegreeOfParallelism = job.Threads, CancellationToken = job.Cancellation }, part =>
        {
            var sum = sums[part] = new GmmStatistics(model);
            for (var i = part; i < features.Count; i += Parts)
            {
                var (id, matrix) = features[i];
                if (alignments.GetValueOrDefault(id) is not { } alignment || alignment.Length != matrix.Rows)
                    continue;

                for (var frame = 0; frame < alignment.Length; frame++)
                {
                    sum.Add(model.Acoustic, model.Transitions.PdfOf(alignment[frame]), matrix.Row(frame));
                    sum.Transitions[alignment[frame]]++;
                }
            }
        });
        foreach (var sum in sums.Skip(1))
            sums[0].Add(sum);

        return sums[0];
    }
}
