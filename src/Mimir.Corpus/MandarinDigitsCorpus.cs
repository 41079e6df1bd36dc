using Mimir.Base;
using Mimir.Corpus.Digits;
using Mimir.Corpus.Hmm;
using Mimir.Corpus.Speech;

namespace Mimir.Corpus;

/// <summary>The content of a corpus.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Sets">The sets: train, dev and test.</param>
/// <param name="PdfCount">The number of pdfs of its alignments and its graph.</param>
public sealed record CorpusSummary(string Folder, IReadOnlyList<SetSummary> Sets, int PdfCount);

/// <summary>The content of a set.</summary>
/// <param name="Name">train, dev or test.</param>
/// <param name="Speakers">The number of its speakers.</param>
/// <param name="Utterances">The number of its utterances.</param>
/// <param name="Characters">The number of spoken digits.</param>
/// <param name="Seconds">The length of its audio, in seconds.</param>
public sealed record SetSummary(string Name, int Speakers, int Utterances, int Characters, double Seconds);

/// <summary>Progress of the synthesis.</summary>
/// <param name="Set">The current set: train, dev or test.</param>
/// <param name="Done">The number of finished utterances of all sets.</param>
/// <param name="Total">The number of all utterances.</param>
public readonly record struct CorpusProgress(string Set, int Done, int Total);

/// <summary>
/// Synthesises a corpus of Mandarin digit strings with espeak-ng: audio, transcripts, true alignments, lexicon and decoding
/// graph in Kaldi's formats. Train, dev and test have different voices.
/// </summary>
public static class MandarinDigitsCorpus
{
    /// <summary>Creates a corpus. Its folder appears when it is complete.</summary>
    /// <param name="options">The options. An older corpus in the same folder is replaced.</param>
    /// <param name="progress">Receives the progress after every speaker; may be null.</param>
    /// <param name="cancellation">Cancels the synthesis and removes its files.</param>
    /// <exception cref="InputException">An option is out of range.</exception>
    /// <exception cref="FileNotFoundException">libespeak-ng or its voices are not installed.</exception>
    /// <exception cref="IOException">The folder has other files, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">The synthesis was cancelled.</exception>
    public static CorpusSummary Create(
        MandarinDigitsOptions options, IProgress<CorpusProgress>? progress = null, CancellationToken cancellation = default)
    {
        options.Validate();
        using var synthesiser = new SpeechSynthesiser();
        using var staging = new StagingFolder(options.Folder, CorpusManifest.Others);
        var hmms = new HmmSet();
        var studio = new Studio(options, hmms, synthesiser);
        var writer = new CorpusWriter(staging.Folder, options.SampleRate);
        var plans = SetPlan.Of(options);
        var sets = new List<IReadOnlyList<RecordedUtterance>>();
        foreach (var plan in plans)
        {
            var before = sets.Sum(set => set.Count);
            void Report(int done) =>
                progress?.Report(new CorpusProgress(plan.Name, before + done, plans.Sum(one => one.Utterances)));

            sets.Add(Record(plan, studio, writer, options.Seed, Report, cancellation));
            writer.WriteData(plan.Name, sets[^1]);
        }

        var model = hmms.Estimate(sets[0].Select(utterance => utterance.Alignment));
        for (var i = 0; i < plans.Count; i++)
            writer.WriteAlignments(plans[i].Name, sets[i], model);
        LanguageWriter.WriteLanguage(staging.Folder, hmms);
        LanguageWriter.WriteGraph(staging.Folder, hmms, model);
        SetSummary[] summaries = [.. plans.Zip(sets, (plan, set) => Summarise(plan, set, options.SampleRate))];
        CorpusManifest.Write(staging.Folder, options, hmms.PdfCount, summaries);
        cancellation.ThrowIfCancellationRequested();
        staging.Publish();
        return new CorpusSummary(options.Folder, summaries, hmms.PdfCount);
    }

    /// <summary>Lists how the corpus in a folder differs from that of given options.</summary>
    /// <param name="options">The options; they name the folder.</param>
    /// <returns>The differences, none for the complete corpus of these options; null when there is no corpus.</returns>
    public static IReadOnlyList<string>? Differences(MandarinDigitsOptions options) =>
        CorpusManifest.TryRead(options.Folder)?.Differences(options.Folder, options);

    private static RecordedUtterance[] Record(
        SetPlan plan, Studio studio, CorpusWriter writer, ulong seed, Action<int> report, CancellationToken cancellation)
    {
        var speakers = Speaker.Draw(plan.Prefix, plan.Variants, plan.Speakers, SeededRandom.For(seed, plan.Number, 0));
        var recorded = new RecordedUtterance[plan.Utterances];
        for (var index = 0; index < speakers.Count; index++)
        {
            var speaker = speakers[index];
            writer.CreateAudioFolder(plan.Name, speaker.Id);
            var first = plan.FirstUtteranceOf(index);
            var spoken = new SpokenUtterance[plan.FirstUtteranceOf(index + 1) - first];
            for (var i = 0; i < spoken.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var random = SeededRandom.For(seed, plan.Number, (ulong)(first + i + 1));
                spoken[i] = studio.Speak($"{speaker.Id}-{first + i + 1:D5}", speaker, random);
            }

            Parallel.For(0, spoken.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
            {
                var (utterance, samples) = studio.Finish(spoken[i]);
                writer.WriteAudio(plan.Name, utterance, samples);
                recorded[first + i] = utterance;
            });
            report(first + spoken.Length);
        }

        return recorded;
    }

    private static SetSummary Summarise(SetPlan plan, IReadOnlyList<RecordedUtterance> utterances, int sampleRate) => new(
        plan.Name,
        plan.Speakers,
        utterances.Count,
        utterances.Sum(utterance => utterance.Phrase.Words.Count),
        utterances.Sum(utterance => (double)utterance.Samples / sampleRate));
}

/// <summary>A set of a corpus to synthesise.</summary>
/// <param name="Number">Its number among the random streams of the seed, from 1.</param>
/// <param name="Name">The name of its folder.</param>
/// <param name="Prefix">The prefix of its speakers' ids.</param>
/// <param name="Variants">Its voices.</param>
/// <param name="Speakers">The number of its speakers.</param>
/// <param name="Utterances">The number of its utterances, divided evenly among its speakers.</param>
internal sealed record SetPlan(
    ulong Number, string Name, string Prefix, IReadOnlyList<Variant> Variants, int Speakers, int Utterances)
{
    /// <summary>The sets in the order of their synthesis.</summary>
    public static IReadOnlyList<SetPlan> Of(MandarinDigitsOptions options) =>
    [
        new(1, "train", "tr", Variant.Train, options.TrainSpeakers, options.TrainUtterances),
        new(2, "dev", "dv", Variant.Dev, options.DevSpeakers, options.DevUtterances),
        new(3, "test", "te", Variant.Test, options.TestSpeakers, options.TestUtterances),
    ];

    /// <summary>The first utterance of a speaker; the number of utterances for the speaker after the last.</summary>
    public int FirstUtteranceOf(int speaker) => (int)((long)speaker * Utterances / Speakers);
}
