using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Gmm.Gaussians;

/// <summary>The options of the estimation of mixtures.</summary>
public sealed record GmmUpdateOptions
{
    /// <summary>Weight up to which a Gaussian is not estimated, and removed.</summary>
    [Option("min-gaussian-weight", Min = 0, Max = 1)]
    public float MinWeight { get; init; } = 1e-5f;

    /// <summary>Frames up to which a Gaussian is not estimated, and removed.</summary>
    [Option("min-gaussian-occupancy", Min = 0)]
    public float MinOccupancy { get; init; } = 10;

    /// <summary>Floor of variances.</summary>
    [Option("min-variance", Min = 0)]
    public double MinVariance { get; init; } = 0.001;

    /// <summary>Remove Gaussians with too few frames, but never the last one of a pdf.</summary>
    [Option("remove-low-count-gaussians")]
    public bool RemoveLowCount { get; init; } = true;
}

/// <summary>The result of an estimation of mixtures.</summary>
/// <param name="Model">The new mixtures.</param>
/// <param name="Improvement">The improvement of the auxiliary function, summed over frames.</param>
/// <param name="Count">The frames.</param>
/// <param name="FlooredValues">The number of variances at the floor.</param>
/// <param name="FlooredGaussians">The number of Gaussians that have such variances.</param>
/// <param name="Removed">The number of Gaussians that were removed.</param>
public sealed record GmmUpdate(
    AmDiagGmm Model, double Improvement, double Count, int FlooredValues, int FlooredGaussians, int Removed);

/// <summary>Maximum-likelihood estimation of mixtures from statistics (Kaldi: <c>MleAmDiagGmmUpdate</c>).</summary>
public static class GmmEstimator
{
    /// <summary>Estimates all mixtures.</summary>
    /// <param name="model">The mixtures before.</param>
    /// <param name="statistics">The statistics, accumulated with this model.</param>
    /// <param name="parts">The parts to change; transitions are not looked at.</param>
    /// <param name="options">Floors.</param>
    /// <param name="warn">Receives a line for each Gaussian with too few frames; null drops them.</param>
    /// <exception cref="InputException">The statistics are not of these parts, or a variance came out as 0.</exception>
    public static GmmUpdate Update(
        AmDiagGmm model, IReadOnlyList<PdfStatistics> statistics, GmmParts parts, GmmUpdateOptions options, Action<string>? warn = null)
    {
        var pdfs = new DiagGmm[model.Pdfs.Count];
        var update = new GmmUpdate(model, 0, 0, 0, 0, 0);
        for (var pdf = 0; pdf < pdfs.Length; pdf++)
        {
            try
            {
                (pdfs[pdf], update) = UpdatePdf(model.Pdfs[pdf], statistics[pdf], parts & ~GmmParts.Transitions, options, update, warn);
            }
            catch (ArgumentException e)
            {
                throw new InputException($"pdf {pdf}: {e.Message} Was it estimated from one frame again and again? See --min-variance.", e);
            }
        }

        return update with { Model = new AmDiagGmm(pdfs) };
    }

    private static (DiagGmm Mixture, GmmUpdate Update) UpdatePdf(
        DiagGmm mixture, PdfStatistics statistics, GmmParts parts, GmmUpdateOptions options, GmmUpdate update, Action<string>? warn)
    {
        if ((parts & ~statistics.Parts) != 0)
            throw new InputException($"The parts to update ({parts}) are not all among those of the statistics ({statistics.Parts}).");

        var total = statistics.Count;
        var moments = mixture.ToMoments();
        List<int> removed = [];
        var (flooredValues, flooredGaussians) = (0, 0);
        for (var gaussian = 0; gaussian < mixture.Gaussians; gaussian++)
        {
            var occupancy = statistics.Occupancy[gaussian];
            var weight = total > 0 ? occupancy / total : 1.0 / mixture.Gaussians;
            if (occupancy > options.MinOccupancy && weight > options.MinWeight)
            {
                moments.Weights[gaussian] = weight;
                var floored = Estimate(moments, gaussian, statistics, parts, options.MinVariance);
                flooredValues += floored;
                flooredGaussians += floored > 0 ? 1 : 0;
            }
            else if (options.RemoveLowCount && removed.Count < mixture.Gaussians - 1)
            {
                warn?.Invoke(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Too little data - removing Gaussian (weight {weight:F6}, occupation count {occupancy:F6}, vector size ")
                    + $"{mixture.Dimension})");
                removed.Add(gaussian);
            }
            else
            {
                var why = options.RemoveLowCount ? "it is the last Gaussian: i =" : "remove-low-count-gaussians == false: g =";
                warn?.Invoke(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Gaussian has too little data but not removing it because {why} {gaussian}, occ = {occupancy:g6}, ")
                    + string.Create(CultureInfo.InvariantCulture, $"weight = {weight:g6}"));
                moments.Weights[gaussian] = Math.Max(weight, options.MinWeight);
            }
        }

        var updated = moments.ToGmm(mixture, parts);
        update = update with
        {
            Improvement = update.Improvement + (Objective(updated, statistics) - Objective(mixture, statistics)),
            Count = update.Count + total,
            FlooredValues = update.FlooredValues + flooredValues,
            FlooredGaussians = update.FlooredGaussians + flooredGaussians,
            Removed = update.Removed + removed.Count,
        };
        return (updated.Without(removed), update);
    }

    // The number of variances that were floored.
    private static int Estimate(GmmMoments moments, int gaussian, PdfStatistics statistics, GmmParts parts, double minVariance)
    {
        var occupancy = statistics.Occupancy[gaussian];
        var floored = 0;
        for (var i = 0; i < moments.Dimension && statistics.Sums.Length > 0; i++)
        {
            var mean = statistics.Sums[gaussian, i] / occupancy;
            var old = moments.Means[gaussian, i];
            moments.Means[gaussian, i] = mean;
            if (statistics.Squares.Length == 0)
                continue;

            // Around the mean that the model keeps.
            var variance = (statistics.Squares[gaussian, i] / occupancy) - (mean * mean);
            if (!parts.HasFlag(GmmParts.Means))
                variance += (old - mean) * (old - mean);

            if (variance < minVariance)
                floored++;

            moments.Variances[gaussian, i] = Math.Max(variance, minVariance);
        }

        return floored;
    }

    // The log-likelihood of the frames by the posteriors with which they were accumulated.
    private static double Objective(DiagGmm mixture, PdfStatistics statistics)
    {
        double sum = 0;
        for (var gaussian = 0; gaussian < mixture.Gaussians; gaussian++)
        {
            if (statistics.Occupancy[gaussian] == 0)
                continue;

            sum += statistics.Occupancy[gaussian] * mixture.Constants[gaussian];
            for (var i = 0; i < mixture.Dimension; i++)
            {
                if (statistics.Sums.Length > 0)
                    sum += statistics.Sums[gaussian, i] * mixture.ScaledMeans[gaussian, i];
                if (statistics.Squares.Length > 0)
                    sum -= 0.5 * statistics.Squares[gaussian, i] * mixture.InverseVariances[gaussian, i];
            }
        }

        return sum;
    }
}
