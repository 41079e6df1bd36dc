using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Features.Audio;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Train.Tests.Runs;

/// <summary>
/// A tiny corpus as Kaldi keeps one: three words of one state each, features around a point for each word, alignments,
/// transition model and a loop graph.
/// </summary>
internal sealed class ToyKaldi : IDisposable
{
    private const int Dim = 4;
    private static readonly string[] Words = ["a", "b", "c"];

    public ToyKaldi()
    {
        var model = Model();
        Directory.CreateDirectory(At("graph"));
        model.Write(At("final.mdl"));
        WriteGraph();
        WriteSet("train", 40, 1, model);
        WriteSet("cv", 10, 2, model);
        WriteSet("test", 10, 3, model);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("mimir-toy-").FullName;

    public string At(string path) => Path.Combine(Root, path);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>Writes audio that fits the alignments, a tone for each word, and noise to add to it.</summary>
    public void WriteAudio()
    {
        var model = Model();
        Directory.CreateDirectory(At("noise"));
        SoundFile.WriteWav(At("noise/hum.wav"), Tones([.. Enumerable.Repeat(3, 300)], 7), 16000);
        File.WriteAllText(At("noise/wav.scp"), $"hum {At("noise/hum.wav")}\n");
        foreach (var set in new[] { "train", "cv", "test" })
        {
            var lines = new List<string>();
            foreach (var (id, alignment) in KaldiTables.IntVector.Read($"ark:{At($"{set}/ali.1")}"))
            {
                SoundFile.WriteWav(At($"{set}/{id}.wav"), Tones([.. alignment.Select(model.PdfOf)], (ulong)lines.Count), 16000);
                lines.Add($"{id} {At($"{set}/{id}.wav")}");
            }

            File.WriteAllLines(At($"{set}/wav.scp"), lines);
        }
    }

    private static short[] Tones(int[] pdfs, ulong seed)
    {
        var random = SeededRandom.Of(seed, 9);
        var samples = new short[((pdfs.Length - 1) * 160) + 400];
        for (var i = 0; i < samples.Length; i++)
        {
            var pdf = pdfs[Math.Clamp((i - 120) / 160, 0, pdfs.Length - 1)];
            samples[i] = (short)((3000 * Math.Sin(2 * Math.PI * (300 + (700 * pdf)) * i / 16000)) + random.BelowExactly(200));
        }

        return samples;
    }

    public string Recipe(string name) => $$"""
        name: {{name}}
        output: {{At(name)}}
        corpus:
          train: {dir: {{At("train")}}, features: 'ark:{{At("train/feats.ark")}}', alignments: {{At("train")}},
                  transition-model: {{At("final.mdl")}} }
          cv: {dir: {{At("cv")}}, features: 'ark:{{At("cv/feats.ark")}}', alignments: {{At("cv")}}, transition-model: {{At("final.mdl")}} }
          test: {dir: {{At("test")}}, features: 'ark:{{At("test/feats.ark")}}' }
        features:
          type: given
          cmvn: {per: global, norm-vars: true}
          splice: {left: 1, right: 1}
        model:
          - affine: {dim: 16, dropout: 0.1}
          - softmax: {}
        train:
          batch: {frames: 32, shuffle-window: 500}
          optimiser: {sgd: {rate: 0.02, momentum: 0.5} }
          schedule: {newbob: {max-epochs: 4} }
          checkpoint: {minutes: 0.000001}
          device: cpu
          threads: 1
        decode:
          graph: {{At("graph")}}
          score: {unit: word, lm-weights: 2-10}
        """;

    private static TransitionModel Model()
    {
        var states = new HmmState[] { new(0, 0, [new(0, 0.75f), new(1, 0.25f)]), new(-1, -1, []) };
        return new(new HmmTopology([new([1, 2, 3], states)]), [new(1, 0, 0), new(2, 0, 1), new(3, 0, 2)]);
    }

    private void WriteGraph()
    {
        var symbols = new SymbolTable();
        symbols.TryAdd("<eps>", 0);
        var graph = new FstBuilder();
        graph.SetFinal(graph.AddState());
        for (var word = 1; word <= Words.Length; word++)
        {
            symbols.TryAdd(Words[word - 1], word);
            var state = graph.AddState();
            graph.AddArc(0, new FstArc(2 * word, word, 1, state));
            graph.AddArc(state, new FstArc((2 * word) - 1, 0, 0.3f, state));
            graph.AddArc(state, new FstArc(0, 0, 1.4f, 0));
        }

        FstWriter.Write(At("graph/HCLG.fst"), graph.Build());
        File.WriteAllLines(At("graph/words.txt"), symbols.Entries.Select(entry => $"{entry.Key} {entry.Value}"));
    }

    private void WriteSet(string set, int utterances, ulong seed, TransitionModel model)
    {
        Directory.CreateDirectory(At(set));
        var random = SeededRandom.Of(seed, 0);
        var (speakers, texts) = (new List<string>(), new List<string>());
        using var features = KaldiTables.Matrix.Create($"ark,scp:{At($"{set}/feats.ark")},{At($"{set}/feats.scp")}");
        using var alignments = KaldiTables.IntVector.Create($"ark:{At($"{set}/ali.1")}");
        for (var u = 0; u < utterances; u++)
        {
            var id = $"{set}{u:D3}";
            // No word follows itself: nothing in the sound would part the two.
            var words = new int[3 + random.BelowExactly(3)];
            for (var w = 0; w < words.Length; w++)
                words[w] = w == 0 ? random.BelowExactly(3) : (words[w - 1] + 1 + random.BelowExactly(2)) % 3;

            var transitions = words.SelectMany(word =>
                Enumerable.Range(0, 5 + random.BelowExactly(6)).Select(frame => (2 * word) + (frame == 0 ? 2 : 1))).ToArray();
            var matrix = new FloatMatrix(transitions.Length, Dim);
            for (var t = 0; t < matrix.Rows; t++)
            {
                for (var d = 0; d < Dim; d++)
                    matrix[t, d] = (model.PdfOf(transitions[t]) == d ? 3 : 0) + (random.BelowExactly(400) / 100f) - 2;
            }

            features.Write(id, matrix);
            alignments.Write(id, transitions);
            speakers.Add($"{id} s");
            texts.Add($"{id} {string.Join(' ', words.Select(word => Words[word]))}");
        }

        File.WriteAllLines(At($"{set}/utt2spk"), speakers);
        File.WriteAllLines(At($"{set}/text"), texts);
    }
}
