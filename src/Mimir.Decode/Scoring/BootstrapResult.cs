namespace Mimir.Decode.Scoring;

/// <summary>How far two systems are apart, and how sure that is.</summary>
/// <param name="Difference">The error rate of the second system minus that of the first, in per cent of the reference.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="ProbabilityOfImprovement">
/// The share of draws in which the second system has fewer errors; draws in which both have as many count half.
/// </param>
/// <param name="Utterances">The number of utterances.</param>
public sealed record BootstrapResult(double Difference, double Low, double High, double ProbabilityOfImprovement, int Utterances)
{
    /// <summary>Gets whether the interval leaves out 0: at a level of 0.95, whether the difference is significant at 5%.</summary>
    public bool IsSignificant => Low > 0 || High < 0;
}
