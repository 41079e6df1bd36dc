namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>Applies pushes to a server's model: mathematics without communication.</summary>
internal interface IServerRule
{
    /// <summary>
    /// True when a worker pushes its model and is answered with the difference to subtract from it. Otherwise it
    /// pushes its model at the last pull minus its model now, and is answered with the server's model.
    /// </summary>
    bool PushesModels => false;

    /// <summary>True when the server has to keep the model that each worker has pulled.</summary>
    bool NeedsPulledModels => false;

    /// <summary>Gets the vectors that the next push depends on besides the model, by name.</summary>
    IReadOnlyDictionary<string, float[]> Vectors => new Dictionary<string, float[]>();

    /// <summary>Starts anew.</summary>
    /// <param name="length">The number of parameters.</param>
    void Start(int length)
    {
        // Most rules have no state.
    }

    /// <summary>Applies a push.</summary>
    /// <param name="model">The server's model, changed.</param>
    /// <param name="vector">The push; where workers push models, replaced by the difference that answers it.</param>
    /// <param name="push">The circumstances of the push.</param>
    void Apply(Span<float> model, Span<float> vector, ServerPush push);
}

/// <summary>The circumstances of a push.</summary>
internal readonly ref struct ServerPush
{
    /// <summary>Gets the number of workers.</summary>
    public required int Workers { get; init; }

    /// <summary>Gets the number of other pushes since the worker's pull.</summary>
    public required int Staleness { get; init; }

    /// <summary>Gets the sum of rate times frames of the steps since the worker's pull.</summary>
    public required double StepSize { get; init; }

    /// <summary>Gets the model that the worker had pulled; empty where the rule does not need it.</summary>
    public required ReadOnlySpan<float> Pulled { get; init; }
}
