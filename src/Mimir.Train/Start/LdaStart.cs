using Mimir.Features.Extraction;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Start;

/// <summary>
/// Triphone mixtures over spliced cepstra, reduced by linear discriminant analysis and turned by maximum likelihood linear transforms,
/// as Kaldi's <c>train_lda_mllt.sh</c> trains them.
/// </summary>
/// <param name="job">The start.</param>
internal sealed class LdaStart(StartJob job)
{
    private const int Context = 4;
    private const int Dimension = 40;

    private static readonly int[] MlltPasses = [2, 4, 6, 12];

    private readonly StartSet _train = job.Sets[0];
    private readonly HashSet<int> _silence = [.. Decode.Building.LangDirectory.Read(job.Folder.Language).SilencePhones];

    /// <summary>Trains the system and aligns all sets with it.</summary>
    /// <param name="last">The alignments to begin with.</param>
    /// <param name="round">Receives the new ones, tree and model.</param>
    /// <param name="gaussiansOf">The number of Gaussians for a number of frames.</param>
    public void Run(StartRound last, StartRound round, Func<long, int> gaussiansOf)
    {
        var loader = job.LoaderOf(job.Cepstra(deltas: false));
        var spliced = Spliced(_train.Load(loader, job.Cancellation));
        var alignments = last.Alignments(_train.Name);
        var transform = Discriminants(last, spliced, alignments);
        var features = Apply(spliced, transform);
        var (grown, converter) = StartTree.Grow(job, last, features);
        var start = new TreeInitialisation(grown.Statistics, grown.Tree, 0.01f, null);
        var training = new GmmTraining(job, _train, grown.Tree);
        (GmmModel, IReadOnlyList<(string, FloatMatrix)>)? Turn(int pass, GmmModel model, Dictionary<string, int[]> aligned)
        {
            if (!MlltPasses.Contains(pass))
                return null;

            var turned = Mllt(model, features, aligned);
            transform = TransformComposition.Compose(turned, transform);
            features = Apply(spliced, transform);
            var pdfs = model.Acoustic.Pdfs.Select(pdf => pdf.WithTransformedMeans(turned));
            return (model with { Acoustic = new([.. pdfs]) }, features);
        }

        var (model, _) = training.Run(
            new(grown.Model, start.ToGaussians(grown.Model)), features, StartTree.Converted(alignments, converter),
            new(34, [10, 20, 30], 25, gaussiansOf(features.Sum(entry => (long)entry.Features.Rows))), Turn);
        var sets = job.Sets.Select(set =>
        {
            var own = set == _train ? features : Apply(Spliced(set.Load(loader, job.Cancellation)), transform);
            return (set.Name, training.Align(model, own, set));
        }).ToList();
        round.Write(grown.Tree, model.Write, sets);
        job.Progress.Say(
            $"start: triphones over LDA and MLLT with {grown.Tree.PdfCount} leaves and {model.Acoustic.Gaussians} Gaussians");
    }

    private static List<(string Id, FloatMatrix Features)> Spliced(IReadOnlyList<(string Id, FloatMatrix Features)> features) =>
        [.. features.Select(entry => (entry.Id, Splicer.Splice(entry.Features, Context, Context)))];

    private static (string Id, FloatMatrix Features)[] Apply(List<(string Id, FloatMatrix Features)> features, FloatMatrix transform)
    {
        var turned = new (string Id, FloatMatrix Features)[features.Count];
        Parallel.For(0, turned.Length, i => turned[i] = (features[i].Id, FeatureTransform.Apply(features[i].Features, transform)));
        return turned;
    }

    // Silence has no weight in either transform, as in the scripts.
    private FloatMatrix Discriminants(
        StartRound last, List<(string Id, FloatMatrix Features)> spliced, IReadOnlyDictionary<string, int[]> alignments)
    {
        var model = last.Model();
        var statistics = new LdaStatistics(model.PdfCount, spliced[0].Features.Columns);
        foreach (var (id, matrix) in spliced)
        {
            if (alignments.GetValueOrDefault(id) is not { } alignment || alignment.Length != matrix.Rows)
                continue;

            for (var frame = 0; frame < alignment.Length; frame++)
            {
                if (!_silence.Contains(model.PhoneOf(alignment[frame])))
                    statistics.Add(model.PdfOf(alignment[frame]), matrix.Row(frame), 1);
            }
        }

        var dimension = Math.Min(Dimension, Math.Min(spliced[0].Features.Columns, model.PdfCount - 1));
        return LdaEstimation.Estimate(statistics, new() { Dimension = dimension }).Matrix;
    }

    private FloatMatrix Mllt(
        GmmModel model, IReadOnlyList<(string Id, FloatMatrix Features)> features, Dictionary<string, int[]> alignments)
    {
        const float RandPrune = 4;
        var statistics = new MlltStatistics(model.Acoustic.Dimension);
        var pruning = new RandomPruning(RandPrune);
        foreach (var (id, matrix) in features)
        {
            if (alignments.GetValueOrDefault(id) is not { } alignment || alignment.Length != matrix.Rows)
                continue;

            for (var frame = 0; frame < alignment.Length; frame++)
            {
                if (_silence.Contains(model.Transitions.PhoneOf(alignment[frame])))
                    continue;

                var pdf = model.Acoustic.Pdfs[model.Transitions.PdfOf(alignment[frame])];
                var posteriors = new float[pdf.Gaussians];
                pdf.Posteriors(matrix.Row(frame), posteriors);
                for (var gaussian = 0; gaussian < posteriors.Length; gaussian++)
                {
                    if (pruning.Prune(posteriors[gaussian]) is var weight and > 0)
                        statistics.Add(matrix.Row(frame), pdf.ScaledMeans.Row(gaussian), pdf.InverseVariances.Row(gaussian), weight);
                }
            }
        }

        return MlltEstimation.Estimate(statistics).Matrix;
    }
}
