using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>The options of the programs that determinize.</summary>
internal record DeterminizeOptions
{
    /// <summary>Scaling factor for acoustic costs.</summary>
    [Option("acoustic-scale")]
    public float AcousticScale { get; init; } = 1;

    /// <summary>Pruning beam, after scaling.</summary>
    [Option("beam")]
    public float Beam { get; init; } = 10;

    /// <summary>Has no effect: weights are compared with OpenFst's tolerance.</summary>
    [Option("delta")]
    public float Delta { get; init; } = 1 / 1024f;

    /// <summary>Greatest memory of determinization in bytes, about; lattices that need more come out as with a narrower beam.</summary>
    [Option("max-mem")]
    public int MaxMemory { get; init; } = 50_000_000;

    /// <summary>Has no effect: input without an end is bounded by --max-mem.</summary>
    [Option("max-loop")]
    public int MaxLoop { get; init; }

    /// <summary>Has no effect: the result is deterministic, and as small as its input lets it be.</summary>
    [Option("minimize")]
    public bool Minimize { get; init; }
}

/// <summary>lattice-determinize-pruned: each word sequence once, with its best path.</summary>
internal sealed class LatticeDeterminizePrunedTool()
    : KaldiTool<LatticeDeterminizePrunedTool.Options>(
        "lattice-determinize-pruned",
        "Determinize lattices, keeping only the best path (sequence of acoustic states) for each input-symbol sequence, with pruning as "
            + "part of the determinization.",
        "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : DeterminizeOptions
    {
        /// <summary>Write word lattices; otherwise lattices of transition-ids with the acoustic costs of each frame.</summary>
        [Option("write-compact")]
        public bool WriteCompact { get; init; } = true;

        /// <summary>Has no effect: --max-mem bounds the result.</summary>
        [Option("max-arcs")]
        public int MaxArcs { get; init; } = -1;

        /// <summary>Has no effect: --max-mem bounds the result.</summary>
        [Option("max-states")]
        public int MaxStates { get; init; } = -1;

        /// <summary>Has no effect: a lattice that needs too much memory is cut at once.</summary>
        [Option("retry-cutoff")]
        public float RetryCutoff { get; init; } = 0.5f;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var depths = new DepthReport();
        var lattices = LatticeDeterminizeTool.Determinize(arguments[0], options, options.Beam, depths, log, io);
        var done = options.WriteCompact
            ? WordLattice.Table.WriteAll(arguments[1], lattices.Select(pair => KeyValuePair.Create(pair.Key, pair.Words)), io)
            : Lattice.Table.WriteAll(
                arguments[1],
                lattices.Select(pair => KeyValuePair.Create(pair.Key, FrameScores.Restore(pair.Words.ToLattice(), pair.Input))),
                io);
        depths.Log(log, done);
        log.Log(
            $"Done {done} lattices, determinization finished earlier than specified by the beam (or output was empty) on {depths.Empty} "
            + "of these.");
        return done != 0;
    }
}

/// <summary>lattice-determinize: each word sequence once, with its best path, pruned only on demand.</summary>
internal sealed class LatticeDeterminizeTool()
    : KaldiTool<LatticeDeterminizeTool.Options>(
        "lattice-determinize",
        "This program is deprecated, please use lattice-determinize-pruned. Determinizes lattices (and applies a pruning beam).",
        "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : DeterminizeOptions
    {
        /// <summary>Prune with --beam.</summary>
        [Option("prune")]
        public bool Prune { get; init; }

        /// <summary>Has no effect: there is no second try.</summary>
        [Option("beam-ratio")]
        public float BeamRatio { get; init; } = 0.9f;

        /// <summary>Has no effect: there is no second try.</summary>
        [Option("num-loops")]
        public int Loops { get; init; } = 20;
    }

    /// <summary>Determinizes the lattices of a table; acoustic costs come out as they were.</summary>
    public static IEnumerable<(string Key, Lattice Input, WordLattice Words)> Determinize(
        string rspecifier, DeterminizeOptions options, double beam, DepthReport depths, KaldiLog log, KaldiIoOptions io)
    {
        const int bytesPerElement = 16;
        var scale = new LatticeScaleOptions { AcousticScale = options.AcousticScale };
        var (inverse, most) = (scale.Inverse, options.MaxMemory > 0 ? options.MaxMemory / bytesPerElement : long.MaxValue);
        foreach (var (key, lattice) in Lattice.Table.Read(rspecifier, io))
        {
            var words = Determinizer.Determinize(lattice.Scale(scale.Scale), new() { Beam = beam, MaxElements = most });
            if (words.StateCount == 0)
                log.Warning($"For key {key}, determinized and trimmed lattice was empty.");

            depths.Add(lattice, words);
            yield return (key, lattice, words.Scale(inverse));
        }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var depths = new DepthReport();
        var beam = options.Prune ? options.Beam : double.PositiveInfinity;
        var lattices = Determinize(arguments[0], options, beam, depths, log, io);
        var done = WordLattice.Table.WriteAll(
            arguments[1], lattices.Where(pair => pair.Words.StateCount > 0).Select(pair => KeyValuePair.Create(pair.Key, pair.Words)), io);
        depths.Log(log, done);
        log.Log($"Done {done} lattices, errors on {depths.Empty}");
        return done != 0;
    }
}

/// <summary>The depths of lattices before and after determinization.</summary>
internal sealed class DepthReport
{
    private long _before;
    private long _after;
    private long _frames;

    /// <summary>Gets the number of lattices that came out empty.</summary>
    public int Empty { get; private set; }

    /// <summary>Counts a lattice.</summary>
    public void Add(Lattice input, WordLattice output)
    {
        var depths = LatticeDepth.PerFrame(output);
        _before += input.StateCount;
        _after += depths.Sum();
        _frames += depths.Length;
        Empty += output.StateCount == 0 ? 1 : 0;
    }

    /// <summary>Logs the averages.</summary>
    public void Log(KaldiLog log, int done)
    {
        if (_frames == 0)
            return;

        log.Log(
            $"Average input-lattice depth (measured at at state level) is {KaldiLog.Number(_before / (double)_frames)}, output depth is "
            + $"{KaldiLog.Number(_after / (double)_frames)}, over {_frames} frames  (average num-frames = "
            + $"{KaldiLog.Number(_frames / (double)done)}).");
    }
}
