using Mimir.Core.Graph;
using Mimir.Decode.Search;
using Mimir.Dist.Emulation;
using Mimir.Kaldi.Data;
using Mimir.Train.Recipes;

namespace Mimir.Lab.Tables;

/// <summary>How a table is run.</summary>
public sealed record TableRunOptions
{
    /// <summary>The folder of the table, with a folder for each row.</summary>
    public required string Output { get; init; }

    /// <summary>Whether rows that are there are made again. The default is false.</summary>
    public bool Restart { get; init; }

    /// <summary>The program that makes the rows; those of another are made again. The default is this one, to the build.</summary>
    public string Program { get; init; } = ThisBuild();

    /// <summary>What reading the recipes takes: variables, names of options; overrides of keys are the table's and left out.</summary>
    public RecipeReaderOptions Recipes { get; init; } = new();

    /// <summary>The identities that the compiler gives to modules: the same for the same sources.</summary>
    private static string ThisBuild() => string.Join(
        ' ',
        new[] { typeof(LayerGraph), typeof(BatchDecoder), typeof(ClusterModel), typeof(DataDirectory), typeof(TableRun) }
            .Select(type => type.Module.ModuleVersionId));
}
