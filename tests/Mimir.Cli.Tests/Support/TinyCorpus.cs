using Mimir.Decode.Graphs;
using Mimir.Features.Audio;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Cli.Tests.Support;

/// <summary>
/// A corpus of a few seconds that can be learnt: given features whose means tell the senone, with Kaldi's files around them.
/// </summary>
public sealed class TinyCorpus : IDisposable
{
    public const int Dim = 6;
    private const int States = 3;

    private readonly int _phones;
    private readonly TransitionModel _model;

    public TinyCorpus(int trainUtterances = 24, int cvUtterances = 6, int phones = 4)
    {
        Folder = Directory.CreateTempSubdirectory("mimir-tiny-").FullName;
        _phones = phones;
        _model = Model(phones);
        Directory.CreateDirectory(At("ali"));
        _model.Write(At("ali/final.mdl"));
        var alignments = new Dictionary<string, int[]>();
        Write("train", trainUtterances, seed: 1, alignments);
        Write("cv", cvUtterances, seed: 2, alignments);
        WriteAlignments(alignments);
        File.WriteAllText(Recipe, RecipeText);
    }

    public string Folder { get; }

    public string Recipe => At("recipe.yaml");

    public string RecipeText => $$$"""
        name: tiny
        seed: 5
        output: {{{At("exp")}}}
        corpus:
          train: {dir: {{{At("train")}}}, alignments: {{{At("ali")}}}, features: "scp:{{{At("train/feats.scp")}}}"}
          cv: {dir: {{{At("cv")}}}, alignments: {{{At("ali")}}}, features: "scp:{{{At("cv/feats.scp")}}}"}
        features:
          type: given
          cmvn: {per: none}
          splice: {left: 1, right: 1}
        model:
          - affine: {dim: 24, repeat: 2}
          - softmax: {}
        train:
          device: cpu
          threads: 1
          batch: {frames: 32, shuffle-window: 300}
          optimiser: {sgd: {rate: 0.01, momentum: 0.5}}
          schedule: {constant: {epochs: 4}}
        """;

    /// <summary>The section that decodes with <see cref="WriteGraph"/>'s graph.</summary>
    public string DecodeSection => $$$"""

        decode:
          graph: {{{At("graph")}}}
          acoustic-scale: 1
          score: {lm-weights: 1-2}
        """;

    /// <summary>What the run in the folder <c>exp</c> left half-written.</summary>
    public IEnumerable<string> Leftovers => Directory
        .EnumerateFileSystemEntries(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Where(path => Path.GetExtension(path) is ".tmp" or ".part" or ".old");

    /// <summary>The recipe with features of <see cref="WriteAudio"/>'s audio.</summary>
    public string AudioRecipeText => RecipeText
        .Replace($", features: \"scp:{At("train/feats.scp")}\"", "", StringComparison.Ordinal)
        .Replace($", features: \"scp:{At("cv/feats.scp")}\"", "", StringComparison.Ordinal)
        .Replace("type: given", "type: fbank\n  num-mel-bins: 8\n  dither: 0", StringComparison.Ordinal);

    public string At(string relative) => Path.Combine(Folder, relative);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Replaces the alignments by what <paramref name="change"/> makes of them.</summary>
    public void ChangeAlignments(Func<string, int[], int[]> change)
    {
        var pairs = KaldiTables.IntVector.Read($"ark:{At("ali/ali.1.gz")}").ToList();
        WriteAlignments(pairs.ToDictionary(pair => pair.Key, pair => change(pair.Key, pair.Value)));
    }

    /// <summary>Writes the features of the training set again, changed.</summary>
    public void ChangeFeatures(Action<string, FloatMatrix> change)
    {
        var pairs = KaldiTables.Matrix.Read($"scp:{At("train/feats.scp")}").ToList();
        using var writer = KaldiTables.Matrix.Create($"ark,scp:{At("train/feats.ark")},{At("train/feats.scp")}");
        foreach (var (key, value) in pairs)
        {
            change(key, value);
            writer.Write(key, value);
        }
    }

    /// <summary>Makes the audio that <c>wav.scp</c> names: as many frames as the alignments have, at some sample rate.</summary>
    public void WriteAudio(int sampleRate)
    {
        foreach (var (name, alignment) in KaldiTables.IntVector.Read($"ark:{At("ali/ali.1.gz")}"))
        {
            var random = new Random(alignment.Length);
            var samples = new short[((alignment.Length - 1) * sampleRate / 100) + (sampleRate / 40)];
            for (var i = 0; i < samples.Length; i++)
                samples[i] = (short)random.Next(-2000, 2000);

            SoundFile.WriteWav(At($"{name}.wav"), samples, sampleRate);
        }
    }

    /// <summary>Makes the folder <c>graph</c>: any string of phones, each a word of its own name.</summary>
    public void WriteGraph()
    {
        Directory.CreateDirectory(At("graph"));
        var builder = new FstBuilder();
        var start = builder.AddState();
        builder.SetFinal(start);
        for (var phone = 0; phone < _phones; phone++)
        {
            var from = start;
            for (var state = 0; state < States; state++)
            {
                var (tuple, next) = ((phone * States) + state, builder.AddState());
                builder.AddArc(from, new(_model.TransitionIdOf(tuple, 1), state == 0 ? phone + 1 : 0, 0, next));
                builder.AddArc(next, new(_model.TransitionIdOf(tuple, 0), 0, 0, next));
                from = next;
            }

            builder.AddArc(from, new(0, 0, 0, start));
        }

        FstWriter.Write(At("graph/HCLG.fst"), builder.Build());
        File.WriteAllLines(At("graph/words.txt"), ["<eps> 0", .. Enumerable.Range(1, _phones).Select(phone => $"{WordOf(phone)} {phone}")]);
    }

    /// <summary>Writes log-likelihoods of the cross-validation set that leave no doubt, as text.</summary>
    public void WriteScores(string file)
    {
        using var writer = KaldiTables.Matrix.Create($"ark,t:{file}");
        var alignments = KaldiTables.IntVector.Read($"ark:{At("ali/ali.1.gz")}");
        foreach (var (name, alignment) in alignments.Where(pair => pair.Key.StartsWith("cv", StringComparison.Ordinal)))
        {
            var scores = new FloatMatrix(alignment.Length, _model.PdfCount);
            scores.Data.AsSpan().Fill(-40);
            for (var frame = 0; frame < alignment.Length; frame++)
                scores[frame, _model.PdfOf(alignment[frame])] = 0;

            writer.Write(name, scores);
        }
    }

    private static string WordOf(int phone) => ((char)('a' + phone - 1)).ToString();

    private static TransitionModel Model(int phoneCount)
    {
        var states = Enumerable.Range(0, States)
            .Select(state => new HmmState(state, state, [new(state, 0.75f), new(state + 1, 0.25f)]))
            .Append(new HmmState(-1, -1, []))
            .ToList();
        var phones = Enumerable.Range(1, phoneCount).ToList();
        var tuples = phones.SelectMany(phone => Enumerable.Range(0, States)
            .Select(state => new TransitionTuple(phone, state, ((phone - 1) * States) + state)));
        return new TransitionModel(new HmmTopology([new TopologyEntry(phones, states)]), [.. tuples]);
    }

    private void Write(string set, int utterances, int seed, Dictionary<string, int[]> alignments)
    {
        Directory.CreateDirectory(At(set));
        var random = new Random(seed);
        var names = new List<string>();
        using var writer = KaldiTables.Matrix.Create($"ark,scp:{At($"{set}/feats.ark")},{At($"{set}/feats.scp")}");
        for (var i = 0; i < utterances; i++)
        {
            var name = $"{set}-{i:D3}";
            names.Add(name);
            alignments[name] = Alignment(random);
            writer.Write(name, Features(alignments[name], random));
        }

        File.WriteAllLines(At($"{set}/utt2spk"), names.Select(name => $"{name} {set}"));
        File.WriteAllLines(At($"{set}/spk2utt"), [$"{set} {string.Join(' ', names)}"]);
        File.WriteAllLines(At($"{set}/text"), names.Select(name => $"{name} {WordsOf(alignments[name])}"));
        File.WriteAllLines(At($"{set}/wav.scp"), names.Select(name => $"{name} {At($"{name}.wav")}"));
    }

    // Kaldi's order: the arc that leaves a state comes first, its self-loops after it.
    private int[] Alignment(Random random)
    {
        var alignment = new List<int>();
        foreach (var phone in Enumerable.Range(0, 8).Select(_ => random.Next(_phones)))
        {
            for (var state = 0; state < States; state++)
            {
                var tuple = (phone * States) + state;
                alignment.Add(_model.TransitionIdOf(tuple, 1));
                alignment.AddRange(Enumerable.Repeat(_model.TransitionIdOf(tuple, 0), random.Next(4)));
            }
        }

        return [.. alignment];
    }

    // A phone begins where its first state is left.
    private string WordsOf(int[] alignment) => string.Join(' ', alignment
        .Where(id => _model.HmmStateOf(id) == 0 && !_model.IsSelfLoop(id))
        .Select(id => WordOf(_model.PhoneOf(id))));

    private FloatMatrix Features(int[] alignment, Random random)
    {
        var features = new FloatMatrix(alignment.Length, Dim);
        for (var frame = 0; frame < alignment.Length; frame++)
        {
            var pdf = _model.PdfOf(alignment[frame]);
            for (var d = 0; d < Dim; d++)
                features[frame, d] = MathF.Sin((pdf + 1) * (d + 1)) + (0.6f * (random.NextSingle() - 0.5f));
        }

        return features;
    }

    private void WriteAlignments(Dictionary<string, int[]> alignments)
    {
        var plain = At("ali/ali.1");
        using (var writer = KaldiTables.IntVector.Create($"ark:{plain}"))
        {
            foreach (var (name, alignment) in alignments)
                writer.Write(name, alignment);
        }

        using (var source = File.OpenRead(plain))
        using (var target = new System.IO.Compression.GZipStream(
            File.Create(At("ali/ali.1.gz")), System.IO.Compression.CompressionLevel.Fastest))
            source.CopyTo(target);

        File.Delete(plain);
    }
}
