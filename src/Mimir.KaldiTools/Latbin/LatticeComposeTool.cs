using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Rescoring;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-compose: composes lattices with lattices or transducers.</summary>
internal sealed class LatticeComposeTool()
    : KaldiTool<LatticeComposeTool.Options>(
        "lattice-compose",
        "Composes lattices (in transducer form, as type Lattice) with lattices, or with a single FST or a table of FSTs (whose weights "
            + "are interpreted as graph weights).",
        "<lattice-rspecifier1> (<lattice-rspecifier2>|<fst-rxfilename2>|<fst-rspecifier2>) <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write word lattices; otherwise lattices of transition-ids.</summary>
        [Option("write-compact")]
        public bool WriteCompact { get; init; } = true;

        /// <summary>If above 0, the label on back-off arcs of the second operand.</summary>
        [Option("phi-label")]
        public int Phi { get; init; } = -1;

        /// <summary>If above 0, the label on arcs of the second operand that take all words without an arc of their own.</summary>
        [Option("rho-label")]
        public int Rho { get; init; } = -1;

        /// <summary>Has no effect; accepted for scripts that give it.</summary>
        [Option("num-states-cache")]
        public int StatesInCache { get; init; } = 50_000;

        /// <summary>true, false or auto: whether the second operand has transducers; by default those of a file are.</summary>
        [Option("compose-with-fst")]
        public string ComposeWithFst { get; init; } = "auto";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options is { Phi: > 0, Rho: > 0 })
            throw new InputException("--phi-label and --rho-label exclude each other.");
        if (options.Phi == 0 || options.Rho == 0)
            throw new InputException("--phi-label and --rho-label: expected a label from 1 on, or -1 for none.");

        using var models = Open(options, arguments[1], io);
        var errors = 0;
        var done = options.WriteCompact
            ? WordLattice.Table.WriteAll(
                arguments[2], Composed().Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToWords())), io)
            : Lattice.Table.WriteAll(arguments[2], Composed(), io);
        log.Log($"Done {done} lattices; failed for {errors}");
        return done != 0;

        IEnumerable<KeyValuePair<string, Lattice>> Composed()
        {
            foreach (var (key, lattice) in Lattice.Table.Read(arguments[0], io))
            {
                if (models.Find(key) is not { } model)
                {
                    log.Warning($"Not producing output for utterance {key} because not present in second table.");
                    errors++;
                }
                else if (Utterance.Run(key, () => LatticeComposer.Compose(lattice, model)) is { StateCount: > 0 } composed)
                {
                    yield return new(key, composed);
                }
                else
                {
                    log.Warning($"Empty lattice for utterance {key} (incompatible LM?)");
                    errors++;
                }
            }
        }
    }

    private static Models Open(Options options, string second, KaldiIoOptions io)
    {
        var isTable = Rspecifier.IsTable(second);
        var ofTransducers = options.ComposeWithFst.ToLowerInvariant() switch
        {
            "auto" => !isTable,
            "true" => true,
            "false" when isTable => false,
            _ => throw new InputException(
                $"--compose-with-fst: expected auto, true or, for a table, false, got '{options.ComposeWithFst}'."),
        };
        var (phi, rho) = (Math.Max(0, options.Phi), Math.Max(0, options.Rho));
        if (!isTable)
        {
            var model = new FstModel(FstReader.ReadVector(second, io), phi, rho);
            return new Models(_ => model, null);
        }

        if (ofTransducers)
        {
            var transducers = FstTables.Vector.Open(second, io);
            return new Models(key => transducers.TryGet(key, out var fst) ? new FstModel(fst, phi, rho) : null, transducers);
        }

        if (phi + rho > 0)
            throw new InputException("--phi-label and --rho-label need transducers as the second operand, not lattices.");

        var lattices = Lattice.Table.Open(second, io);
        return new Models(key => lattices.TryGet(key, out var lattice) ? new LatticeModel(lattice) : null, lattices);
    }

    private sealed record Models(Func<string, WordModel?> Find, IDisposable? Table) : IDisposable
    {
        public void Dispose() => Table?.Dispose();
    }
}
