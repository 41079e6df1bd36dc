using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of recurrent layers.</summary>
internal static class RecurrentLayerTable
{
    /// <summary>Gets the layers.</summary>
    public static IReadOnlyList<Variant<LayerRecipe>> Layers { get; } =
    [
        LayerVariant.Of(
            "lstm", "Long short-term memory with peepholes and a projection, as nnet1's LstmProjected.", Keys<LstmLayer>()),
        LayerVariant.Of("blstm", "The same in both directions of time, side by side, as nnet1's BlstmProjected.", KeysOfBoth()),
        LayerVariant.Of<GruLayer>("gru", "Gated recurrent units, the reset gate behind the recurrent product as in cuDNN.", new()
        {
            { "dim", l => l.Dim, (l, v) => l with { Dim = v }, LayerKinds.Dim, "The units, one output each.", true },
            { LayerKeys.Repeat, l => l.Repeat, (l, v) => l with { Repeat = v } },
            { LayerKeys.Dropout, l => l.Dropout, (l, v) => l with { Dropout = v } },
            { LayerKeys.GradClip, l => l.GradClip, (l, v) => l with { GradClip = v } },
            {
                "param-range", l => l.ParamRange, (l, v) => l with { ParamRange = v }, LayerKinds.Stddev,
                "Initial parameters lie between minus and plus this; without it 1 / sqrt(dim)."
            },
            { LayerKeys.LearnRateCoef, l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v } },
            { LayerKeys.BiasLearnRateCoef, l => l.BiasLearnRateCoef, (l, v) => l with { BiasLearnRateCoef = v } },
        }),
    ];

    private static Fields<BlstmLayer> KeysOfBoth()
    {
        var keys = Keys<BlstmLayer>();
        keys.Add(
            "chunk", l => l.Chunk, (l, v) => l with { Chunk = v }, Kinds.Whole(0, 1 << 20),
            "Latency control: the frames after which the backward half starts anew, so that a stream is heard with a delay; 0 for the "
            + "whole utterance.");
        keys.Add(
            "right-context", l => l.RightContext, (l, v) => l with { RightContext = v }, Kinds.Whole(0, 1 << 20),
            "The frames behind a chunk that its backward half sees as well.");
        return keys;
    }

    // What recurrent layers have in common.
    private static Fields<T> Keys<T>()
        where T : RecurrentLayer => new()
    {
        { "dim", l => l.Dim, (l, v) => l with { Dim = v }, LayerKinds.Dim, "The memory cells of a direction.", true },
        {
            "projection", l => l.Projection, (l, v) => l with { Projection = v }, Kinds.Whole(0, 1 << 20),
            "The outputs of a direction, a linear map of the cells' outputs; 0 for the cells' outputs themselves."
        },
        {
            "peepholes", l => l.Peepholes, (l, v) => l with { Peepholes = v }, Kinds.Flag,
            "Whether the gates see the cells."
        },
        { LayerKeys.Repeat, l => l.Repeat, (l, v) => l with { Repeat = v } },
        { LayerKeys.Dropout, l => l.Dropout, (l, v) => l with { Dropout = v } },
        {
            "cell-clip", l => l.CellClip, (l, v) => l with { CellClip = v }, LayerKinds.FromZero,
            "The largest magnitude of a cell; 0 for no limit."
        },
        {
            "diff-clip", l => l.DiffClip, (l, v) => l with { DiffClip = v }, LayerKinds.FromZero,
            "The largest magnitude of a gate's derivative in a frame; 0 for no limit."
        },
        {
            "cell-diff-clip", l => l.CellDiffClip, (l, v) => l with { CellDiffClip = v }, LayerKinds.FromZero,
            "The largest magnitude of a cell's derivative in a frame; 0 for no limit."
        },
        { LayerKeys.GradClip, l => l.GradClip, (l, v) => l with { GradClip = v } },
        {
            "param-range", l => l.ParamRange, (l, v) => l with { ParamRange = v }, LayerKinds.FromZero,
            "Initial parameters lie between minus and plus this."
        },
        {
            "forget-bias", l => l.ForgetBias, (l, v) => l with { ForgetBias = v }, Kinds.Number(),
            "What is added to the initial biases of the forget gates."
        },
        { LayerKeys.LearnRateCoef, l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v } },
        {
            "bias-learn-rate-coef", l => l.BiasLearnRateCoef, (l, v) => l with { BiasLearnRateCoef = v }, LayerKinds.FromZero,
            "What the learning rate is multiplied with for biases and peepholes."
        },
    };
}
