namespace Mimir.Train.Tuning;

/// <summary>What somebody asks a running job to change.</summary>
/// <param name="Asked">When.</param>
/// <param name="Changes">Each <c>key=value</c>, as on a command line.</param>
public sealed record TuneRequest(DateTimeOffset Asked, IReadOnlyList<string> Changes);

/// <summary>What a running job says to a request.</summary>
/// <param name="Accepted">Whether it has changed what was asked; else nothing has changed.</param>
/// <param name="Message">From what to what and from which step on, or why not.</param>
public sealed record TuneAnswer(bool Accepted, string Message);

/// <summary>What the first worker has decided, and all do at the same step.</summary>
/// <param name="Request">The number of the request.</param>
/// <param name="Changes">The values by their paths in the recipe.</param>
public sealed record TuneDecision(int Request, IReadOnlyDictionary<string, string> Changes);
