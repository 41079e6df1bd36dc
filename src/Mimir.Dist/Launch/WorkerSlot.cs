namespace Mimir.Dist.Launch;

/// <summary>The place of one worker of a job.</summary>
/// <param name="Host">Its machine, or <see cref="HostList.Here"/>.</param>
/// <param name="Rank">Its index, from 0.</param>
/// <param name="LocalRank">Its index on its machine.</param>
/// <param name="LocalSize">The workers on its machine.</param>
public sealed record WorkerSlot(string Host, int Rank, int LocalRank, int LocalSize);
