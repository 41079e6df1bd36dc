namespace Mimir.Decode.Scoring;

/// <summary>What one column of an alignment says.</summary>
public enum EditOperation
{
    /// <summary>Reference and hypothesis agree.</summary>
    Correct,

    /// <summary>The hypothesis has another token.</summary>
    Substitution,

    /// <summary>The hypothesis has a token more.</summary>
    Insertion,

    /// <summary>The hypothesis lacks a token.</summary>
    Deletion,
}

/// <summary>One column of an alignment.</summary>
/// <param name="Operation">What happened.</param>
/// <param name="Reference">The index of the reference token, -1 for an insertion.</param>
/// <param name="Hypothesis">The index of the hypothesis token, -1 for a deletion.</param>
public readonly record struct EditStep(EditOperation Operation, int Reference, int Hypothesis);
