using Mimir.Features.Audio;
using Mimir.Train.Packages;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;
using Mimir.Train.Tests.Runs;
using Mimir.Train.Transcription;

namespace Mimir.Train.Tests.Packages;

/// <summary>A finished run on the tones of <see cref="ToyKaldi"/>, made once for all tests that transcribe.</summary>
[CollectionDefinition(Name)]
public sealed class TranscribingToy : ICollectionFixture<TranscribingToy>, IDisposable
{
    public const string Name = "transcribing toy";

    private readonly ToyKaldi _toy = new();

    public TranscribingToy()
    {
        _toy.WriteAudio();
        const string Features = "features={type: fbank, num-mel-bins: 10, dither: 0, cmvn: {per: global}, splice: {left: 1, right: 1}}";

        // The tones have no model of silence: there any words go, and a wide lattice has very many of them.
        string[] overrides = [Features, "decode.lattice-beam=2"];
        var loaded = RecipeReader.Parse(_toy.Recipe("run"), "toy.yaml", new() { Overrides = overrides });
        var result = TrainingRun.Execute(loaded, new(), SilentProgress.Instance, TimeProvider.System, default);
        Assert.Equal(RunStatus.Ok, result.Status);
        Texts = File.ReadLines(At("cv/text")).ToDictionary(line => line.Split(' ')[0], line => line[(line.IndexOf(' ') + 1)..]);
    }

    /// <summary>Gets the transcripts of the recordings in <c>cv/</c>.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    public string Run => At("run");

    public string RecipeOfGivenFeatures => _toy.Recipe("given");

    public string At(string path) => _toy.At(path);

    public void Dispose() => _toy.Dispose();

    public static IReadOnlyList<Transcript> Transcribe(
        string model, IReadOnlyList<AudioSource> sources, TranscriberOptions? options = null, List<string>? said = null)
    {
        using var speech = SpeechModel.Load(ModelFiles.Find(model, []));
        var progress = new Watch(line => said?.Add(line));
        return [.. new Transcriber(speech, options ?? new(), progress, TimeProvider.System).Run(sources)];
    }

    /// <summary>Writes some recordings of <c>cv/</c> one after another, with near silence around each.</summary>
    public string WriteLong(string name, int recordings, double silence, int rate = 16000)
    {
        var random = new Random(3);
        var wave = new List<short>();
        AddSilence();
        foreach (var id in Texts.Keys.Take(recordings))
        {
            var samples = SoundFile.Read(At($"cv/{id}.wav")).Channel(0);
            foreach (var sample in samples)
                wave.AddRange(Enumerable.Repeat((short)sample, rate / 16000));

            AddSilence();
        }

        SoundFile.WriteWav(At(name), [.. wave], rate);
        return At(name);

        void AddSilence() => wave.AddRange(Enumerable.Range(0, (int)(silence * rate)).Select(_ => (short)random.Next(-3, 4)));
    }

    private sealed class Watch(Action<string> say) : ITrainingProgress
    {
        public void Report(ProgressEvent progress) => Assert.InRange(progress.Done, 1, progress.Total);

        public void Say(string line) => say(line);
    }
}
