using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Search;

/// <summary>
/// A rule for the end of an utterance in a stream; all its conditions must hold. The names are those of Kaldi's online decoder.
/// </summary>
public sealed record EndpointRule
{
    /// <summary>Whether the best path must contain speech.</summary>
    [Option("must-contain-nonsilence")]
    public bool MustContainSpeech { get; init; } = true;

    /// <summary>Least silence at the end of the best path, in seconds.</summary>
    [Option("min-trailing-silence", Min = 0)]
    public float MinTrailingSilence { get; init; } = 1;

    /// <summary>
    /// Greatest cost of ending now beyond that of the best path: how sure it is that a sentence is complete. None by default.
    /// </summary>
    [Option("max-relative-cost", Min = 0)]
    public float? MaxRelativeCost { get; init; }

    /// <summary>Least length of the utterance, in seconds.</summary>
    [Option("min-utterance-length", Min = 0)]
    public float MinUtteranceLength { get; init; }

    /// <summary>Tests the conditions.</summary>
    /// <param name="length">The length of the utterance so far, in seconds.</param>
    /// <param name="silence">The silence at its end, in seconds.</param>
    /// <param name="relativeCost">The cost of ending now beyond that of the best path.</param>
    public bool Holds(float length, float silence, float relativeCost) =>
        (length > silence || !MustContainSpeech)
        && silence >= MinTrailingSilence
        && (MaxRelativeCost is not { } most || relativeCost <= most)
        && length >= MinUtteranceLength;
}

/// <summary>When a stream is cut into utterances: at the first frame where any rule holds.</summary>
public sealed record EndpointOptions
{
    /// <summary>
    /// Gets the five rules of Kaldi's online decoder: after 5 s of silence; with speech after 0.5 s where the sentence is surely
    /// complete (cost up to 2), after 1 s where it may be (cost up to 8), after 2 s in any case; and after 20 s.
    /// </summary>
    public static IReadOnlyList<EndpointRule> KaldiRules { get; } =
    [
        new() { MustContainSpeech = false, MinTrailingSilence = 5 },
        new() { MinTrailingSilence = 0.5f, MaxRelativeCost = 2 },
        new() { MinTrailingSilence = 1, MaxRelativeCost = 8 },
        new() { MinTrailingSilence = 2 },
        new() { MustContainSpeech = false, MinTrailingSilence = 0, MinUtteranceLength = 20 },
    ];

    /// <summary>Kaldi's rules with other limits.</summary>
    /// <param name="silence">The silence after a sentence that is surely complete, in seconds, in place of 0.5; the longer ones after
    /// doubtful sentences change with it.</param>
    /// <param name="length">The greatest length of an utterance, in seconds, in place of 20.</param>
    public static IReadOnlyList<EndpointRule> RulesWith(float? silence, float? length) =>
    [
        .. KaldiRules.Select((rule, i) => i switch
        {
            1 or 2 or 3 => rule with { MinTrailingSilence = (silence ?? 0.5f) / 0.5f * rule.MinTrailingSilence },
            4 => rule with { MinUtteranceLength = length ?? rule.MinUtteranceLength },
            _ => rule,
        }),
    ];

    /// <summary>Gets the rules; none means that the stream is one utterance. <see cref="KaldiRules"/> by default.</summary>
    public IReadOnlyList<EndpointRule> Rules { get; init; } = KaldiRules;

    /// <summary>Gets the transition-ids of silence; none by default, and then only rules without silence hold.</summary>
    public IReadOnlySet<int> Silence { get; init; } = new HashSet<int>();

    /// <summary>Time from frame to frame, in seconds.</summary>
    [Option("frame-shift", Min = 0, MinExcluded = true)]
    public float FrameShift { get; init; } = 0.01f;

    /// <summary>Number of frames between two tests of the rules, counted from the start of each utterance.</summary>
    [Option("endpoint-interval", Min = 1)]
    public int Interval { get; init; } = 10;

    /// <summary>The transition-ids of phones, for <see cref="Silence"/>.</summary>
    /// <param name="transitions">The transition model.</param>
    /// <param name="phones">The phones of silence, from 1.</param>
    public static IReadOnlySet<int> TransitionsOf(TransitionModel transitions, IEnumerable<int> phones)
    {
        var silent = phones.ToHashSet();
        return Enumerable.Range(1, transitions.TransitionCount).Where(id => silent.Contains(transitions.PhoneOf(id))).ToHashSet();
    }

    /// <summary>Checks the options.</summary>
    /// <exception cref="InputException">An option is out of range; the message names it.</exception>
    public void Check()
    {
        Option.CheckRanges(this);
        foreach (var rule in Rules)
            Option.CheckRanges(rule);
    }

    /// <summary>The first rule that holds, from 0; -1 for none.</summary>
    /// <param name="frames">The length of the utterance so far, in frames.</param>
    /// <param name="silentFrames">The silence at its end, in frames.</param>
    /// <param name="relativeCost">The cost of ending now beyond that of the best path.</param>
    public int FirstRule(int frames, int silentFrames, float relativeCost)
    {
        for (var rule = 0; rule < Rules.Count; rule++)
        {
            if (Rules[rule].Holds(frames * FrameShift, silentFrames * FrameShift, relativeCost))
                return rule;
        }

        return -1;
    }
}
