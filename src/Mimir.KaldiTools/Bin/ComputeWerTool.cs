using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Scoring;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>compute-wer: word and sentence error rates.</summary>
internal sealed class ComputeWerTool()
    : KaldiTool<ComputeWerTool.Options>(
        "compute-wer",
        "Compute WER by comparing different transcriptions, in integer or text format.",
        "<ref-rspecifier> <hyp-rspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : ScoringOptions
    {
        /// <summary>No longer needed; accepted for scripts that give it.</summary>
        [Option("text")]
        public bool Text { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (total, sentences, wrong, absent) = (default(ErrorCounts), 0, 0, 0);
        foreach (var sentence in ScoredSentence.Read(options.ScoringMode, arguments[0], arguments[1], io))
        {
            absent += sentence.IsAbsent ? 1 : 0;
            if (sentence.Errors is not { } errors)
                continue;

            total += errors;
            sentences++;
            wrong += errors.Errors > 0 ? 1 : 0;
        }

        using var output = OpenPrinted(io);
        var wer = Percent(total.Errors, total.Reference);
        var partial = absent > 0 ? " [PARTIAL]" : "";
        output.WriteLine(
            $"%WER {wer} [ {total.Errors} / {total.Reference}, {total.Insertions} ins, {total.Deletions} del, {total.Substitutions} sub ]"
            + partial);
        output.WriteLine($"%SER {Percent(wrong, sentences)} [ {wrong} / {sentences} ]");
        output.WriteLine($"Scored {sentences} sentences, {absent} not present in hyp.");
        return true;
    }

    // Single precision, as Kaldi computes it.
    private static string Percent(long part, long whole) => ((float)(100.0 * part / (float)whole)) switch
    {
        float.NaN => "-nan",
        float.PositiveInfinity => "inf",
        var percent => ((double)percent).ToString("F2", CultureInfo.InvariantCulture),
    };
}

/// <summary>The option of programs that score.</summary>
internal record ScoringOptions
{
    /// <summary>Scoring mode: present leaves out what has no transcription, all takes it as empty, strict ends with an error.</summary>
    [Option("mode")]
    public string Mode { get; init; } = "strict";

    /// <summary>Gets the mode.</summary>
    /// <exception cref="InputException">There is no such mode.</exception>
    public string ScoringMode => Mode is "strict" or "present" or "all"
        ? Mode
        : throw new InputException($"--mode: expected present, all or strict, got '{Mode}'.");
}

/// <summary>An utterance of the reference and its errors.</summary>
/// <param name="Reference">The words that were said.</param>
/// <param name="Hypothesis">The words that were recognised; null where there are none.</param>
/// <param name="Errors">The errors; null where the mode leaves the utterance out.</param>
internal sealed record ScoredSentence(string[] Reference, string[]? Hypothesis, ErrorCounts? Errors)
{
    /// <summary>True when there is no hypothesis.</summary>
    public bool IsAbsent => Hypothesis is null;

    /// <summary>Scores the utterances of a reference.</summary>
    /// <param name="mode">present, all or strict.</param>
    /// <param name="references">The table of references.</param>
    /// <param name="hypotheses">The table of hypotheses.</param>
    /// <param name="io">What may be opened.</param>
    /// <exception cref="InputException">A hypothesis is missing, and the mode is strict.</exception>
    public static IEnumerable<ScoredSentence> Read(string mode, string references, string hypotheses, KaldiIoOptions io)
    {
        using var table = KaldiTables.TokenVector.Open(hypotheses, io);
        foreach (var (key, reference) in KaldiTables.TokenVector.Read(references, io))
        {
            var found = table.TryGet(key, out var hypothesis);
            if (!found && mode == "strict")
                throw new InputException($"No hypothesis for key {key} and strict mode specifier.");

            yield return new ScoredSentence(
                reference, hypothesis, found || mode == "all" ? Count(reference, hypothesis ?? []) : null);
        }
    }

    private static ErrorCounts Count(string[] reference, string[] hypothesis) =>
        EditDistance.Count(EditDistance.Align(reference, hypothesis));
}
