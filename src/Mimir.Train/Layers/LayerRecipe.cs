using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Config;

namespace Mimir.Train.Layers;

/// <summary>The part of an utterance that a layer needs at a time.</summary>
internal enum Sequencing
{
    /// <summary>A single frame.</summary>
    Frame,

    /// <summary>The frames before: the next part of an utterance is enough when the layer's state is carried over.</summary>
    Past,

    /// <summary>The whole utterance.</summary>
    Whole,
}

/// <summary>An entry of the list <c>model</c> of a recipe; its one key names the kind of layer.</summary>
/// <remarks>
/// A layer that becomes several nodes of the graph is one file here and one line below. A block of Mimir.Core whose record has
/// options is a layer by itself; see <see cref="LayerKind"/>.
/// </remarks>
[Kind("affine", typeof(AffineLayer))]
[Kind("softmax", typeof(SoftmaxLayer))]
[Kind("lstm", typeof(LstmLayer))]
[Kind("blstm", typeof(BlstmLayer))]
[Kind("gru", typeof(GruLayer))]
[Kind("tdnn", typeof(TdnnLayer))]
[Kind("tdnnf", typeof(TdnnfLayer))]
[Kind("dfsmn", typeof(DfsmnLayer))]
[Kind("attention", typeof(AttentionLayer))]
[Kind("conv2d", typeof(ConvolutionLayer))]
[Kind("max-pool", typeof(MaxPoolLayer))]
[Kind("sum", typeof(SumLayer))]
[Kind("append", typeof(AppendLayer))]
[Kind("module", typeof(ModuleLayer))]
public abstract record LayerRecipe
{
    /// <summary>The name by which layers take the features, spliced and normalised: the input of the first layer.</summary>
    public const string Features = "input";

    /// <summary>A name by which later layers take this one's output. It also names its parameters.</summary>
    [Option("name"), ValueKind<NameKind>]
    public string? Name { get; init; }

    /// <summary>The layers whose outputs it takes; without it the layer before. <c>input</c> is the input of the first layer.</summary>
    [Option("inputs", Expected = "a list of names of layers before this one, or `input`"), ValueKind<NameKind>]
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Gets the part of an utterance that the layer needs at a time.</summary>
    internal virtual Sequencing Sequencing => Sequencing.Frame;

    /// <summary>True when the layer takes several inputs.</summary>
    internal virtual bool TakesManyInputs => false;

    /// <summary>The options that contradict each other, each with the reason.</summary>
    internal virtual IEnumerable<(string Key, string Problem)> Problems => [];

    /// <summary>Adds the layer's nodes to a graph.</summary>
    /// <param name="nodes">The graph.</param>
    /// <param name="inputs">The layer's inputs: one, unless <see cref="TakesManyInputs"/>.</param>
    /// <returns>Its output.</returns>
    /// <exception cref="InputException">The layer does not fit its inputs.</exception>
    internal abstract Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs);
}

/// <summary>A layer that may be repeated, each copy followed by dropout.</summary>
public abstract record RepeatedLayer : LayerRecipe
{
    /// <summary>The number of such layers in a row.</summary>
    [Option("repeat", Min = 1, Max = 1000)]
    public int Repeat { get; init; } = 1;

    /// <summary>The share of outputs that dropout sets to zero in training.</summary>
    [Option("dropout", Min = 0, Max = 1, MaxExcluded = true)]
    public double Dropout { get; init; }

    /// <inheritdoc/>
    internal sealed override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs)
    {
        var port = inputs[0];
        for (var copy = 1; copy <= Repeat; copy++)
            port = AddCopy(nodes, Name is not null && Repeat > 1 ? FormattableString.Invariant($"{Name}.{copy}") : Name, port);

        return port;
    }

    /// <summary>Adds one of the copies, with its dropout.</summary>
    /// <param name="nodes">The graph.</param>
    /// <param name="name">The copy's name, or null.</param>
    /// <param name="input">The copy's input.</param>
    private protected abstract Port AddCopy(ModelNodes nodes, string? name, Port input);
}
