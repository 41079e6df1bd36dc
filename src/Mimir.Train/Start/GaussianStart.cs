using Mimir.Gmm.Gaussians;
using CepstralSet = System.Collections.Generic.IReadOnlyList<(string Id, Mimir.Kaldi.Matrices.FloatMatrix Features)>;

namespace Mimir.Train.Start;

/// <summary>
/// Alignments from nothing as Kaldi makes them: monophone mixtures from equal alignments, triphone mixtures over deltas, triphone
/// mixtures over LDA and MLLT, each system aligning for the next.
/// </summary>
/// <param name="job">The start.</param>
internal sealed class GaussianStart(StartJob job)
{
    private const int FramesOfGaussian = 60;
    private const int LeastGaussians = 500;
    private const int MonophoneGaussians = 1000;
    private const int FlatStartUtterances = 10;

    private readonly StartSet _train = job.Sets[0];

    /// <summary>Makes the systems that are missing.</summary>
    /// <returns>The alignments of the last one.</returns>
    public StartRound Run()
    {
        Directory.CreateDirectory(job.Folder.At("work"));
        var (mono, deltas, lda) = (Round("mono"), Round("deltas"), Round("lda"));
        var features = new Lazy<CepstralSet>(() => _train.Load(job.LoaderOf(job.Cepstra(deltas: true)), job.Cancellation));
        if (!mono.Exists)
            Monophone(mono, features.Value);
        if (!deltas.Exists)
            Deltas(mono, deltas, features.Value);
        if (!lda.Exists)
            new LdaStart(job).Run(deltas, lda, GaussiansOf);

        return lda;
    }

    private StartRound Round(string name) => new(job.Folder.At(Path.Combine("work", name)));

    private int GaussiansOf(long frames) =>
        job.Start.Gaussians > 0 ? job.Start.Gaussians : (int)Math.Max(LeastGaussians, frames / FramesOfGaussian);

    private void Monophone(StartRound round, CepstralSet features)
    {
        var (tree, transitions) = StartTree.Monophone(job.Folder.Language);
        var moments = new FeatureMoments();
        foreach (var (_, matrix) in features.Take(FlatStartUtterances))
            moments.Add(matrix);

        var gaussian = moments.ToGmm();
        var model = new GmmModel(transitions, new AmDiagGmm([.. Enumerable.Repeat(gaussian, tree.PdfCount)]));
        var alignments = FlatAlignment.Align(
            job, _train, tree, transitions, features.Select(entry => (entry.Id, entry.Features.Rows)));

        // The passes of train_mono.sh; its first pass, over the equal alignments, is one of its own there.
        int[] realign = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 21, 24, 27, 30, 33, 36, 39];
        var training = new GmmTraining(job, _train, tree);
        (model, _) = training.Run(
            model, features, alignments, new(40, realign, 30, MonophoneGaussians) { FirstBeam = 6, FirstOccupancy = 3 });
        var aligned = training.Align(model, features, _train);
        round.Write(tree, model.Write, [(_train.Name, aligned)]);
        job.Progress.Say($"start: monophones with {model.Acoustic.Gaussians} Gaussians");
    }

    private void Deltas(StartRound mono, StartRound round, CepstralSet features)
    {
        var (grown, converter) = StartTree.Grow(job, mono, features);
        var start = new TreeInitialisation(grown.Statistics, grown.Tree, (float)0.01, null);
        var frames = features.Sum(entry => (long)entry.Features.Rows);
        var acoustic = GmmMixing.Mix(start.ToGaussians(grown.Model), start.Occupancies(), new() { MixUp = grown.Tree.PdfCount });
        var training = new GmmTraining(job, _train, grown.Tree);
        var (model, _) = training.Run(
            new(grown.Model, acoustic), features, StartTree.Converted(mono.Alignments(_train.Name), converter),
            new(34, [10, 20, 30], 25, GaussiansOf(frames)));
        round.Write(grown.Tree, model.Write, [(_train.Name, training.Align(model, features, _train))]);
        job.Progress.Say($"start: triphones with {grown.Tree.PdfCount} leaves and {model.Acoustic.Gaussians} Gaussians");
    }
}
