using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>A TorchSharp module of your own, from an assembly; docs/modules.md shows one.</summary>
public sealed record ModuleLayer : LayerRecipe
{
    /// <summary>The name of the class.</summary>
    [Option("type", Required = true)]
    public string Type { get; init; } = "";

    /// <summary>The file of the assembly, from the folder in which the program runs.</summary>
    [Option("assembly", Required = true)]
    public string Assembly { get; init; } = "";

    /// <summary>A parameter of the constructor of the class, after the first, by its name in kebab-case.</summary>
    [OtherKeys]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs)
    {
        var block = new ModuleSpec(Type, Assembly, new SortedDictionary<string, string>(Options.ToDictionary(), StringComparer.Ordinal));
        return nodes.Add(Name ?? nodes.NewName("module"), block, inputs[0], block.OutputDimOf(inputs[0].Dim));
    }
}
