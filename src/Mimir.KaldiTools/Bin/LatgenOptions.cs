using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;

namespace Mimir.KaldiTools.Bin;

/// <summary>The options of programs that search graphs and write lattices.</summary>
internal record LatgenOptions
{
    private const int ElementSize = 16;

    /// <summary>Beams and scale.</summary>
    [IncludeOptions]
    public DecoderOptions Search { get; init; } = new();

    /// <summary>Write a lattice also where no path reached a final state.</summary>
    [Option("allow-partial")]
    public bool AllowPartial { get; init; }

    /// <summary>Symbol table of words, to print those of the best paths.</summary>
    [Option("word-symbol-table")]
    public string WordSymbolTable { get; init; } = "";

    /// <summary>Determinize lattices: each word sequence once, with its best path.</summary>
    [Option("determinize-lattice")]
    public bool Determinize { get; init; } = true;

    /// <summary>Determinize over phones and words first, which is faster.</summary>
    [Option("phone-determinize")]
    public bool PhoneDeterminize { get; init; } = true;

    /// <summary>
    /// Memory for the determinization of one utterance, in bytes; a lattice that needs more comes out as with a narrower beam.
    /// </summary>
    [Option("max-mem", Min = 0)]
    public long MaxMemory { get; init; } = 50_000_000;

    /// <summary>Push and minimize after determinization; only false is possible.</summary>
    [Option("minimize")]
    public bool Minimize { get; init; }

    /// <summary>Tolerance of Kaldi's determinization; has no effect here, where weights are compared exactly.</summary>
    [Option("delta")]
    public float Delta { get; init; } = 1f / 1024;

    /// <summary>Size of Kaldi's blocks of tokens; has no effect here.</summary>
    [Option("memory-pool-tokens-block-size")]
    public int TokenBlock { get; init; } = 256;

    /// <summary>Size of Kaldi's blocks of links; has no effect here.</summary>
    [Option("memory-pool-links-block-size")]
    public int LinkBlock { get; init; } = 256;

    /// <summary>Gets the number of threads.</summary>
    public virtual int Threads => 1;

    /// <summary>The options of determinization.</summary>
    /// <param name="transitions">The transition model.</param>
    /// <exception cref="InputException">An option asks for what is not possible.</exception>
    public DeterminizerOptions Determinizer(TransitionModel transitions)
    {
        if (Minimize)
            throw new InputException("--minimize=true is not possible; lattices are determinized, not minimized.");

        return new DeterminizerOptions
        {
            Beam = Search.LatticeBeam,
            MaxElements = MaxMemory == 0 ? long.MaxValue : MaxMemory / ElementSize,
            PhoneBegins = PhoneDeterminize ? DeterminizerOptions.PhoneBeginsOf(transitions) : null,
        };
    }
}

/// <summary>The options of programs that search several utterances at once.</summary>
internal sealed record ParallelLatgenOptions : LatgenOptions
{
    /// <summary>Number of threads; the output does not depend on it.</summary>
    [Option("num-threads", Min = 1)]
    public int NumThreads { get; init; } = 1;

    /// <summary>Greatest number of utterances in memory in Kaldi; has no effect here, where it is twice the threads.</summary>
    [Option("num-threads-total")]
    public int NumThreadsTotal { get; init; }

    /// <inheritdoc/>
    public override int Threads => NumThreads;
}
