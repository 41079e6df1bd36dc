using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Features.Audio;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Runs;

/// <summary>The questions that the dry run of a recipe asks the machine. It changes nothing there and runs no commands.</summary>
/// <remarks>What cannot be read throws <see cref="InputException"/> or <see cref="IOException"/>.</remarks>
internal interface IMachine
{
    /// <summary>Gets the CUDA devices that libtorch sees.</summary>
    int CudaDevices { get; }

    /// <summary>True for a file.</summary>
    bool HasFile(string path);

    /// <summary>True for a folder.</summary>
    bool HasFolder(string path);

    /// <summary>The utterances of a set.</summary>
    IReadOnlyList<Utterance> UtterancesOf(CorpusSet set);

    /// <summary>The sample rate of a recording, in hertz.</summary>
    int SampleRateOf(string rxfilename);

    /// <summary>The archives of alignments that a folder or pattern means, at least one.</summary>
    IReadOnlyList<string> AlignmentsOf(string source);

    /// <summary>The classes of a transition model.</summary>
    int ClassesOf(string transitionModel);

    /// <summary>The values of a frame in a table of features.</summary>
    int FeatureDimOf(string rspecifier);

    /// <summary>The problem of a run's folder; null for none.</summary>
    string? ProblemOf(RunFolder folder);

    /// <summary>The bytes that a run can fill in its folder: what is free, and what its checkpoints have already.</summary>
    long RoomFor(RunFolder folder);
}

/// <summary>This machine.</summary>
internal sealed class Machine : IMachine
{
    private Machine()
    {
    }

    /// <summary>Gets it.</summary>
    public static Machine Here { get; } = new();

    public int CudaDevices => Device.CudaCount;

    public bool HasFile(string path) => File.Exists(path);

    public bool HasFolder(string path) => Directory.Exists(path);

    public IReadOnlyList<Utterance> UtterancesOf(CorpusSet set) => SetLoader.UtterancesOf(set);

    public int SampleRateOf(string rxfilename)
    {
        // A pipe has no length either, and can be read once.
        var file = new FileInfo(Rxfilename.Parse(rxfilename).Target);
        return file is { Exists: true, Length: 0 }
            ? throw new InputException($"{rxfilename}: the file is empty; copy it again or leave it out.")
            : AudioInput.Info(rxfilename).SampleRate;
    }

    public IReadOnlyList<string> AlignmentsOf(string source) => AlignmentSet.FilesOf(source);

    public int ClassesOf(string transitionModel) => TransitionModel.Read(transitionModel).PdfCount;

    public int FeatureDimOf(string rspecifier) =>
        Rxfilename.Parse(Rspecifier.Parse(rspecifier).Target) is { Kind: RxKind.File } file
            && new FileInfo(file.Target) is { Exists: true, Length: > 0 }
            ? KaldiTables.Matrix.Read(rspecifier).First().Value.Columns
            : throw new InputException($"{rspecifier}: is known when it is read");

    public string? ProblemOf(RunFolder folder) => folder.Problem()
        ?? (DiskPlace.Obstacle(folder.Root) is { } obstacle ? $"{obstacle}; name another folder (output)" : null);

    public long RoomFor(RunFolder folder)
    {
        var there = Directory.Exists(folder.Checkpoints)
            ? new DirectoryInfo(folder.Checkpoints).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
            : 0;
        return DiskPlace.FreeBytes(folder.Root) + there;
    }
}
