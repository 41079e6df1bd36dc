namespace Mimir.Train.Quarantine;

/// <summary>The reason why an utterance is set aside.</summary>
internal enum SuspectKind
{
    /// <summary>Its loss alone is not finite.</summary>
    Loss,

    /// <summary>Its gradient alone is not finite.</summary>
    Gradient,

    /// <summary>Its loss alone is far beyond that of the untrained network.</summary>
    Huge,

    /// <summary>Its loss over an epoch is far above that of the others.</summary>
    Outlier,
}

/// <summary>An utterance that training is better off without. In numbers, so that workers can send it to each other.</summary>
/// <param name="Utterance">Its place in the training set.</param>
/// <param name="Kind">The reason.</param>
/// <param name="Loss">Its loss a frame, in nats.</param>
/// <param name="Usual">The loss a frame to compare with: of the untrained network, or the median of the utterances.</param>
internal readonly record struct Suspect(int Utterance, SuspectKind Kind, double Loss, double Usual)
{
    /// <summary>The number of values of <see cref="ToNumbers"/>.</summary>
    public const int Numbers = 4;

    /// <summary>Gets the reason in words.</summary>
    public string Reason => FormattableString.Invariant(Kind switch
    {
        SuspectKind.Loss => (FormattableString)$"its loss is {Loss}",
        SuspectKind.Gradient => $"its gradient is not finite, at a loss of {Loss:G4} a frame",
        SuspectKind.Huge => $"its loss is {Loss:G4} a frame, the untrained network's was {Usual:G4}",
        _ => $"its loss is {Loss:F2} a frame, worse than a guess by the classes' frequencies; the median of the utterances is {Usual:F2}",
    });

    /// <summary>The values to send.</summary>
    public IEnumerable<double> ToNumbers() => [Utterance, (int)Kind, Loss, Usual];

    /// <summary>Reads what <see cref="ToNumbers"/> gave.</summary>
    public static Suspect FromNumbers(ReadOnlySpan<double> numbers) =>
        new((int)numbers[0], (SuspectKind)(int)numbers[1], numbers[2], numbers[3]);
}
