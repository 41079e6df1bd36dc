using Mimir.Base.Options;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.KaldiTools.Bin;

/// <summary>The option of programs that read a lexicon.</summary>
internal record DisambiguationOptions
{
    /// <summary>File of the disambiguation symbols among the phones.</summary>
    [Option("read-disambig-syms")]
    public string DisambiguationFile { get; init; } = "";

    /// <summary>Reads the symbols; none without a file.</summary>
    public IReadOnlyList<int> Disambiguation(KaldiIoOptions io) =>
        DisambiguationFile.Length == 0 ? [] : IntegerList.Read(DisambiguationFile, io);
}

/// <summary>The options of programs that make training graphs; their scales are 0, since costs are added when they align.</summary>
internal record CompileOptions : DisambiguationOptions
{
    /// <summary>Scale of transition probabilities (excluding self-loops).</summary>
    [Option("transition-scale")]
    public float TransitionScale { get; init; }

    /// <summary>Scale of self-loop versus non-self-loop probability mass.</summary>
    [Option("self-loop-scale")]
    public float SelfLoopScale { get; init; }

    /// <summary>Reorder transition-ids for greater decoding efficiency.</summary>
    [Option("reorder")]
    public bool Reorder { get; init; } = true;

    /// <summary>Remove most epsilons before minimization, where there are disambiguation symbols.</summary>
    [Option("rm-eps")]
    public bool RemoveEpsilons { get; init; }

    /// <summary>Accepted as Kaldi accepts it; graphs are made one at a time.</summary>
    [Option("batch-size", Min = 1)]
    public int BatchSize { get; init; } = 250;

    public TrainingGraphOptions Graphs => new()
    {
        TransitionScale = TransitionScale,
        SelfLoopScale = SelfLoopScale,
        Reorder = Reorder,
        RemoveEpsilons = RemoveEpsilons,
    };
}

/// <summary>The files that training graphs are made of.</summary>
internal static class TrainingGraphInputs
{
    /// <summary>Reads tree, model and lexicon.</summary>
    /// <param name="arguments">The names of the three files come first.</param>
    /// <param name="disambiguation">The disambiguation symbols.</param>
    /// <param name="options">Scales and order.</param>
    /// <param name="io">What may be opened.</param>
    public static TrainingGraphs Read(
        IReadOnlyList<string> arguments, IReadOnlyList<int> disambiguation, TrainingGraphOptions options, KaldiIoOptions io) =>
        Make(arguments, TransitionModel.Read(arguments[1], io), disambiguation, options, io);

    /// <summary>Reads tree and lexicon beside a model that is read already.</summary>
    /// <inheritdoc cref="Read"/>
    public static TrainingGraphs Make(
        IReadOnlyList<string> arguments,
        TransitionModel model,
        IReadOnlyList<int> disambiguation,
        TrainingGraphOptions options,
        KaldiIoOptions io) =>
        new(FstReader.ReadVector(arguments[2], io), ContextDependency.Read(arguments[0], io), model, disambiguation, options);
}
