using System.Reflection;
using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>
/// The choice between the layers of recipes: those of <see cref="LayerRecipe"/>, then the blocks of Mimir.Core that have options and
/// are not part of one of these.
/// </summary>
public sealed class LayerKind() : OneOfKind(typeof(LayerRecipe), "a layer", All)
{
    private static IReadOnlyList<RecordOption> All
    {
        get
        {
            var layers = RecordOption.Of(typeof(LayerRecipe));
            var included = layers.SelectMany(layer => Option.Of(layer.Type)).Where(option => option.Path.Count > 0)
                .Select(option => option.Path[0].PropertyType).ToHashSet();
            var blocks = typeof(BlockSpec).GetCustomAttributes<JsonDerivedTypeAttribute>()
                .Select(block => (Name: block.TypeDiscriminator as string ?? "", Type: block.DerivedType))
                .Where(block => Option.Of(block.Type).Count > 0 && !included.Contains(block.Type)
                    && layers.All(layer => layer.Name != block.Name))
                .Select(block => new RecordOption(
                    block.Name, typeof(BlockLayer<>).MakeGenericType(block.Type), XmlDocs.Summary(block.Type)));
            return [.. layers, .. blocks];
        }
    }
}

/// <summary>A layer that is one block of Mimir.Core, with the block's own options.</summary>
/// <typeparam name="TBlock">The block.</typeparam>
public sealed record BlockLayer<TBlock> : LayerRecipe
    where TBlock : BlockSpec
{
    /// <summary>The block.</summary>
    [IncludeOptions]
    public TBlock Block { get; init; } = (TBlock)RecordOption.Create(typeof(TBlock));

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Block.NeedsSequences() ? Sequencing.Whole : Sequencing.Frame;

    /// <inheritdoc/>
    internal override bool TakesManyInputs => Block.AcceptsManyInputs();

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs)
    {
        var name = Name ?? nodes.NewName(Block.TypeName());
        return inputs is [var only]
            ? nodes.Add(name, Block, only, Block.OutputDimOf(only.Dim))
            : nodes.Add(name, Block, inputs, Block.OutputDimOf([.. inputs.Select(input => input.Dim)]), inputs.Max(input => input.Signal));
    }
}
