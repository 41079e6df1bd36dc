using Mimir.Base;
using Mimir.Kaldi.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>A machine that has what <see cref="Some.Recipe"/> names, as a test describes it.</summary>
internal sealed class FakeMachine : IMachine
{
    public HashSet<string> Missing { get; } = [];

    public Dictionary<string, int> Rates { get; } = [];

    public List<string> Asked { get; } = [];

    public string[] Audio { get; set; } = ["a.wav", "b.wav", "c.wav", "d.wav"];

    public int CudaDevices { get; set; }

    public long Room { get; set; } = 1L << 40;

    public string? Problem { get; set; }

    public bool HasFile(string path) => !Missing.Contains(path);

    public bool HasFolder(string path) => !Missing.Contains(path);

    public IReadOnlyList<Utterance> UtterancesOf(CorpusSet set) => Missing.Contains($"{set.Dir}/wav.scp")
        ? throw new FileNotFoundException($"{set.Dir}: a data directory has wav.scp")
        : [.. Audio.Select((file, index) => new Utterance($"u{index}", "s", file, null, null, "a"))];

    public int SampleRateOf(string rxfilename)
    {
        Asked.Add(rxfilename);
        var rate = Rates.GetValueOrDefault(rxfilename, 16000);
        return rate > 0 ? rate : throw new InputException($"{rxfilename}: is no audio");
    }

    public IReadOnlyList<string> AlignmentsOf(string source) => Missing.Contains($"{source}/ali.1.gz")
        ? throw new FileNotFoundException($"{source}: no alignments")
        : [$"{source}/ali.1.gz"];

    public int ClassesOf(string transitionModel) => HasFile(transitionModel) ? 10 : throw new FileNotFoundException(transitionModel);

    public int FeatureDimOf(string rspecifier) => 40;

    public string? ProblemOf(RunFolder folder) => Problem;

    public long RoomFor(RunFolder folder) => Room;
}
