namespace Mimir.Train.Recipes;

/// <summary>A layer of long short-term memory with peepholes and a projection, as nnet1's.</summary>
public abstract record RecurrentLayer : LayerRecipe
{
    /// <summary>The memory cells of a direction.</summary>
    public int Dim { get; init; }

    /// <summary>The outputs of a direction, a linear map of the cells' outputs; 0, the default, gives these themselves.</summary>
    public int Projection { get; init; }

    /// <summary>Whether gates see the cells. The default is true.</summary>
    public bool Peepholes { get; init; } = true;

    /// <summary>How many such layers follow each other. The default is 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>The share of outputs that training sets to zero, from 0 up to, not including, 1. The default is 0.</summary>
    public double Dropout { get; init; }

    /// <summary>The largest magnitude of a cell; 0 is no limit. The default is 50.</summary>
    public double CellClip { get; init; } = 50;

    /// <summary>The largest magnitude of a gate's derivative in a frame; 0 is no limit. The default is 1.</summary>
    public double DiffClip { get; init; } = 1;

    /// <summary>The largest magnitude of a cell's derivative in a frame; 0, the default, is no limit.</summary>
    public double CellDiffClip { get; init; }

    /// <summary>The largest magnitude of a parameter's gradient, momentum included; 0 is no limit. The default is 250.</summary>
    public double GradClip { get; init; } = 250;

    /// <summary>Initial parameters lie between minus and plus this. The default is 0.1.</summary>
    public double ParamRange { get; init; } = 0.1;

    /// <summary>What is added to the initial biases of the forget gates.</summary>
    public double ForgetBias { get; init; }

    /// <summary>What the learning rate is multiplied with for the weights. The default is 1.</summary>
    public double LearnRateCoef { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with for biases and peepholes. The default is 1.</summary>
    public double BiasLearnRateCoef { get; init; } = 1;
}

/// <summary><c>lstm</c>: a layer that remembers the past; as nnet1's LstmProjected.</summary>
public sealed record LstmLayer : RecurrentLayer
{
    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Past;
}

/// <summary><c>blstm</c>: two layers side by side, one of which goes backwards in time; as nnet1's BlstmProjected.</summary>
public sealed record BlstmLayer : RecurrentLayer
{
    /// <summary>Creates a layer with nnet1's initial forget biases.</summary>
    public BlstmLayer() => ForgetBias = 1;

    /// <summary>The frames after which the backward half starts anew (latency-controlled); 0, the default, is the whole utterance.</summary>
    public int Chunk { get; init; }

    /// <summary>The frames behind a chunk that its backward half sees. The default is 0.</summary>
    public int RightContext { get; init; }

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;
}

/// <summary><c>gru</c>: a layer of gated recurrent units.</summary>
public sealed record GruLayer : LayerRecipe
{
    /// <summary>The units, one output each.</summary>
    public int Dim { get; init; }

    /// <summary>How many such layers follow each other. The default is 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>The share of outputs that training sets to zero, from 0 up to, not including, 1. The default is 0.</summary>
    public double Dropout { get; init; }

    /// <summary>The largest magnitude of a parameter's gradient, momentum included; 0, the default, is no limit.</summary>
    public double GradClip { get; init; }

    /// <summary>Initial parameters lie between minus and plus this, or null for 1 / sqrt(dim).</summary>
    public double? ParamRange { get; init; }

    /// <summary>What the learning rate is multiplied with for the weights. The default is 1.</summary>
    public double LearnRateCoef { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with for the biases. The default is 1.</summary>
    public double BiasLearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Past;
}
