namespace Mimir.Dist.Data.Leases;

/// <summary>Some items of an epoch that one worker trains on.</summary>
/// <param name="Number">Which part of the epoch this is, from 0; parts that are dealt again get new numbers.</param>
/// <param name="Items">Indices into <see cref="EpochItems.Items"/>, in the order of the epoch.</param>
public sealed record Lease(int Number, IReadOnlyList<int> Items);
