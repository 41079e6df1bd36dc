namespace Mimir.Kaldi.Trees;

/// <summary>
/// A node of a phonetic decision tree. An event, a set of keys with values, leads to an answer. Keys 0, 1 … are the places in the
/// window of phones, <see cref="ContextDependency.PdfClassKey"/> is the class of the state's distribution.
/// </summary>
public abstract record EventMap
{
    private protected EventMap()
    {
    }

    /// <summary>Finds the answer to an event.</summary>
    /// <param name="valueOf">The value of a key, or null where the event does not have it.</param>
    /// <returns>The answer, or null when the tree has none for this event.</returns>
    public abstract int? AnswerTo(Func<int, int?> valueOf);

    /// <summary>Finds all answers that an event may have when some of its keys are not known.</summary>
    /// <param name="valueOf">The value of a key, or null where it is not known, which follows every branch.</param>
    /// <returns>The answers in order of the leaves; one may occur more than once.</returns>
    public abstract IEnumerable<int> AnswersTo(Func<int, int?> valueOf);

    /// <summary>Makes a tree that has other nodes in the places of leaves.</summary>
    /// <param name="replacement">The node in the place of the leaves of an answer; null keeps them.</param>
    public abstract EventMap WithLeaves(Func<int, EventMap?> replacement);

    /// <summary>Gets all answers of the tree, in order of the leaves; an answer may occur more than once.</summary>
    public IEnumerable<int> Answers => AnswersTo(_ => null);
}

/// <summary>A leaf of the tree.</summary>
/// <param name="Answer">The answer.</param>
public sealed record ConstantEventMap(int Answer) : EventMap
{
    /// <inheritdoc/>
    public override IEnumerable<int> AnswersTo(Func<int, int?> valueOf) => [Answer];

    /// <inheritdoc/>
    public override EventMap WithLeaves(Func<int, EventMap?> replacement) => replacement(Answer) ?? this;

    /// <inheritdoc/>
    public override int? AnswerTo(Func<int, int?> valueOf) => Answer;
}

/// <summary>A node with a branch for each value of a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Branches">By value, from 0; null where a value has no branch.</param>
public sealed record TableEventMap(int Key, IReadOnlyList<EventMap?> Branches) : EventMap
{
    /// <inheritdoc/>
    public override IEnumerable<int> AnswersTo(Func<int, int?> valueOf) => valueOf(Key) is { } value
        ? (value >= 0 && value < Branches.Count ? Branches[value] : null)?.AnswersTo(valueOf) ?? []
        : Branches.SelectMany(branch => branch?.AnswersTo(valueOf) ?? []);

    /// <inheritdoc/>
    public override EventMap WithLeaves(Func<int, EventMap?> replacement) =>
        this with { Branches = [.. Branches.Select(branch => branch?.WithLeaves(replacement))] };

    /// <inheritdoc/>
    public override int? AnswerTo(Func<int, int?> valueOf) =>
        valueOf(Key) is { } value && value >= 0 && value < Branches.Count ? Branches[value]?.AnswerTo(valueOf) : null;
}

/// <summary>A question about a key: is its value in a set?</summary>
/// <param name="Key">The key.</param>
/// <param name="YesSet">The set, in rising order.</param>
/// <param name="Yes">The node for values in the set.</param>
/// <param name="No">The node for all other values.</param>
public sealed record SplitEventMap(int Key, IReadOnlyList<int> YesSet, EventMap Yes, EventMap No) : EventMap
{
    private readonly HashSet<int> _yes = [.. YesSet];

    /// <inheritdoc/>
    public override IEnumerable<int> AnswersTo(Func<int, int?> valueOf) => valueOf(Key) is { } value
        ? (_yes.Contains(value) ? Yes : No).AnswersTo(valueOf)
        : Yes.AnswersTo(valueOf).Concat(No.AnswersTo(valueOf));

    /// <inheritdoc/>
    public override EventMap WithLeaves(Func<int, EventMap?> replacement) =>
        this with { Yes = Yes.WithLeaves(replacement), No = No.WithLeaves(replacement) };

    /// <inheritdoc/>
    public override int? AnswerTo(Func<int, int?> valueOf) =>
        valueOf(Key) is { } value ? (_yes.Contains(value) ? Yes : No).AnswerTo(valueOf) : null;
}
