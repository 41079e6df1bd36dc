using Mimir.Base;
using Mimir.Features.Audio;

namespace Mimir.Train.Tests.Start;

/// <summary>A corpus of audio and text alone: words of two tones each, with noise between and around them.</summary>
internal sealed class ToneCorpus : IDisposable
{
    private const int Rate = 8000;
    private const int Shift = 80;
    private static readonly string[] Words = ["ba", "du", "ko"];
    private static readonly int[][] Tones = [[400, 900], [1400, 500], [2100, 3000]];

    private readonly TemporaryFolder _folder = new();

    public ToneCorpus()
    {
        File.WriteAllText(At("lexicon.txt"), "ba b a\ndu d u\nko k o\n");
        WriteSet("train", 60, 1);
        WriteSet("cv", 10, 2);
        WriteSet("test", 10, 3);
    }

    /// <summary>Gets the word of each frame by utterance, -1 for none: what was played.</summary>
    public Dictionary<string, int[]> Truth { get; } = new(StringComparer.Ordinal);

    public string At(string name) => _folder.At(name);

    public void Dispose() => _folder.Dispose();

    public string Recipe(string start) => $$"""
        name: tones
        output: {{At("run")}}
        corpus:
          train: {dir: {{At("train")}}}
          cv: {dir: {{At("cv")}}}
          test: {dir: {{At("test")}}}
        start: {{start}}
        features: {type: fbank, num-mel-bins: 20, sample-frequency: 8000, dither: 0, cmvn: {per: global}, splice: {left: 3, right: 3} }
        model:
          - affine: {dim: 32, activation: relu}
          - softmax: {}
        train:
          batch: {frames: 128}
          optimiser: {sgd: {rate: 0.002} }
          schedule: {newbob: {max-epochs: 3} }
          device: cpu
          threads: 1
        decode:
          score: {unit: word, lm-weights: 5-10, word-insertion-penalties: [0]}
        """;

    private void WriteSet(string set, int utterances, ulong seed)
    {
        Directory.CreateDirectory(At(set));
        var random = SeededRandom.Of(seed, 5);
        var (audio, texts, speakers) = (new List<string>(), new List<string>(), new List<string>());
        for (var u = 0; u < utterances; u++)
        {
            var id = $"{set}{u:D3}";
            var words = Enumerable.Range(0, 2 + random.BelowExactly(4)).Select(_ => random.BelowExactly(3)).ToArray();
            var (samples, truth) = (new List<short>(), new List<int>());
            void Play(int word, int tone, int frames)
            {
                for (var i = 0; i < frames * Shift; i++)
                {
                    var sound = tone == 0 ? 0 : 4000 * Math.Sin(2 * Math.PI * tone * samples.Count / Rate);
                    samples.Add((short)(sound + random.BelowExactly(200) - 100));
                }

                truth.AddRange(Enumerable.Repeat(word, frames));
            }

            Play(-1, 0, 12 + random.BelowExactly(10));
            foreach (var word in words)
            {
                foreach (var tone in Tones[word])
                    Play(word, tone, 9 + random.BelowExactly(8));
                if (random.BelowExactly(2) == 0)
                    Play(-1, 0, 8 + random.BelowExactly(8));
            }

            Play(-1, 0, 12 + random.BelowExactly(10));
            SoundFile.WriteWav(At($"{set}/{id}.wav"), [.. samples], Rate);
            Truth.Add(id, [.. truth]);
            audio.Add($"{id} {At($"{set}/{id}.wav")}");
            texts.Add($"{id} {string.Join(' ', words.Select(word => Words[word]))}");
            speakers.Add($"{id} s");
        }

        File.WriteAllLines(At($"{set}/wav.scp"), audio);
        File.WriteAllLines(At($"{set}/text"), texts);
        File.WriteAllLines(At($"{set}/utt2spk"), speakers);
    }
}
