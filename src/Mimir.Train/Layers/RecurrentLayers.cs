using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>Long short-term memory with peepholes and a projection, as nnet1's LstmProjected.</summary>
public sealed record LstmLayer : RepeatedLayer
{
    /// <summary>The block.</summary>
    [IncludeOptions]
    public LstmSpec Block { get; init; } = new(0);

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Past;

    /// <inheritdoc/>
    private protected override Port AddCopy(ModelNodes nodes, string? name, Port input)
    {
        var port = nodes.Add(name ?? nodes.NewName("lstm"), Block, input, Block.Outputs, Signal.Recurrent);
        return nodes.Regularise(name, port, batchNorm: false, Dropout);
    }
}

/// <summary>Long short-term memory in both directions of time, side by side, as nnet1's BlstmProjected.</summary>
public sealed record BlstmLayer : RepeatedLayer
{
    /// <summary>The block.</summary>
    [IncludeOptions]
    public BlstmSpec Block { get; init; } = new(0);

    /// <summary>
    /// Latency control: the frames after which the backward direction starts again, so that a stream has a limited delay; 0 for
    /// the whole utterance.
    /// </summary>
    [Option("chunk", Min = 0, Max = 1 << 20)]
    public int Chunk { get; init; }

    /// <summary>The frames after a chunk that its backward direction sees as well.</summary>
    [Option("right-context", Min = 0, Max = 1 << 20)]
    public int RightContext { get; init; }

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;

    /// <inheritdoc/>
    internal override IEnumerable<(string Key, string Problem)> Problems
    {
        get
        {
            if (Chunk == 0 && RightContext > 0)
                yield return ("right-context", "a context belongs to a chunk; say chunk too, such as 40");
        }
    }

    /// <inheritdoc/>
    private protected override Port AddCopy(ModelNodes nodes, string? name, Port input)
    {
        BlockSpec block = Chunk > 0 ? new LcBlstmSpec(Block, Chunk, RightContext) : Block;
        var port = nodes.Add(name ?? nodes.NewName("blstm"), block, input, 2 * Block.Outputs, Signal.Recurrent);
        return nodes.Regularise(name, port, batchNorm: false, Dropout);
    }
}

/// <summary>Gated recurrent units, with the reset gate after the recurrent product as in cuDNN.</summary>
public sealed record GruLayer : RepeatedLayer
{
    /// <summary>The block.</summary>
    [IncludeOptions]
    public GruSpec Block { get; init; } = new(0);

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Past;

    /// <inheritdoc/>
    private protected override Port AddCopy(ModelNodes nodes, string? name, Port input)
    {
        // The outputs lie between -1 and 1, as those of a squashing unit.
        var port = nodes.Add(name ?? nodes.NewName("gru"), Block, input, Block.Cells, Signal.Saturated);
        return nodes.Regularise(name, port, batchNorm: false, Dropout);
    }
}
