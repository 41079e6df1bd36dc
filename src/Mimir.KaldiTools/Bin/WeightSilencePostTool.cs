using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>weight-silence-post: scales the weights of silence.</summary>
internal sealed class WeightSilencePostTool()
    : KaldiTool<WeightSilencePostTool.Options>(
        "weight-silence-post",
        "Apply weight to silences in posts",
        "<silence-weight> <silence-phones> <model> <posteriors-rspecifier> <posteriors-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Scale all entries of a frame by p(sil) * silence-weight + p(non-sil), instead of only those of silence.</summary>
        [Option("distribute")]
        public bool Distribute { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!float.TryParse(arguments[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) || !float.IsFinite(scale))
            throw new InputException($"Invalid silence-weight parameter: expected float, got \"{arguments[0]}\".");

        var silence = PhoneList.Parse(arguments[1]).ToHashSet();
        if (silence.Count == 0)
            log.Warning("No silence phones, this will have no effect");

        var model = TransitionModel.Read(arguments[2], io);
        var (done, _) = Posterior.Table.Map(Posterior.Table.Read(arguments[3], io), arguments[4], io, (key, posterior) =>
        {
            Posteriors.Check(model, key, posterior);
            return posterior.MapFrames((frame, pairs) => options.Distribute
                ? ScaleFrame(pairs, IsSilence, scale, $"utterance '{key}', frame {frame}")
                : ScaleSilence(pairs, IsSilence, scale));
        });
        log.Log($"Done {done} posteriors.");
        return done != 0;

        bool IsSilence(int id) => silence.Contains(model.PhoneOf(id));
    }

    private static IEnumerable<(int Index, float Weight)> ScaleSilence(
        (int Index, float Weight)[] pairs, Predicate<int> isSilence, float scale) => pairs
        .Where(pair => scale != 0 || !isSilence(pair.Index))
        .Select(pair => (pair.Index, isSilence(pair.Index) ? pair.Weight * scale : pair.Weight));

    private static IEnumerable<(int Index, float Weight)> ScaleFrame(
        (int Index, float Weight)[] pairs, Predicate<int> isSilence, float scale, string place)
    {
        var (silent, spoken) = (0f, 0f);
        foreach (var (index, weight) in pairs)
        {
            if (isSilence(index))
                silent += weight;
            else
                spoken += weight;
        }

        if (silent < 0 || spoken < 0)
            throw new InputException($"{place}: expected weights from 0 (--distribute), got negative ones.");
        if (silent + spoken == 0)
            return pairs;

        var frameScale = ((silent * scale) + spoken) / (silent + spoken);
        return frameScale == 0 ? [] : pairs.Select(pair => (pair.Index, pair.Weight * frameScale));
    }
}
