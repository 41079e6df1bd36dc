using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Kaldi.Data;

namespace Mimir.Features.Directories;

/// <summary>One utterance at one speed, under the name that it gets.</summary>
internal sealed record UtteranceCopy(string Id, string Speaker, Utterance Original, double Speed)
{
    /// <summary>All copies, in the order of their ids, as Kaldi wants its files.</summary>
    public static List<UtteranceCopy> Of(IReadOnlyList<Utterance> utterances, FeatureDirectoryOptions options)
    {
        var copies = options.Speeds.SelectMany(speed => utterances.Select(utterance =>
        {
            var prefix = options.Prefix + SpeedPerturbation.PrefixOf(speed);
            return new UtteranceCopy(prefix + utterance.Id, prefix + utterance.Speaker, utterance, speed);
        })).ToList();
        copies.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        for (var i = 1; i < copies.Count; i++)
        {
            if (copies[i].Id == copies[i - 1].Id)
                throw new InputException($"utterance '{copies[i].Id}' comes twice; are two speeds the same?");
        }

        return copies;
    }
}
