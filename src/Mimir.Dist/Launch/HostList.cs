using System.Globalization;
using Mimir.Base;

namespace Mimir.Dist.Launch;

/// <summary>The hosts of a job with a number of workers each, the ranks in their order.</summary>
public static class HostList
{
    /// <summary>The host of workers that run where the launcher runs.</summary>
    public const string Here = "";

    /// <summary>All workers on this machine.</summary>
    /// <param name="workers">The number, at least 1.</param>
    public static IReadOnlyList<WorkerSlot> Local(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        return Slots([(Here, workers)]);
    }

    /// <summary>Reads a list like <c>a:2,b:2,c</c>; without a number a host has one worker.</summary>
    /// <param name="text">The list.</param>
    /// <exception cref="InputException">A host is empty, stands there twice, or its number is not at least 1.</exception>
    public static IReadOnlyList<WorkerSlot> Parse(string text)
    {
        List<(string Host, int Workers)> hosts = [];
        foreach (var entry in text.Split(','))
        {
            var colon = entry.LastIndexOf(':');
            var (host, number) = colon < 0 ? (entry.Trim(), "1") : (entry[..colon].Trim(), entry[(colon + 1)..].Trim());
            if (host.Length == 0 || host.StartsWith('-') || host.Any(char.IsWhiteSpace))
                throw new InputException($"--hosts: expected hosts like a:2,b:2, got '{entry}' in '{text}'");
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var workers) || workers < 1)
                throw new InputException($"--hosts: expected a number of workers of at least 1 after '{host}:', got '{number}'");
            if (hosts.Any(one => one.Host == host))
                throw new InputException($"--hosts: '{host}' stands there twice; give it one number of workers");

            hosts.Add((host, workers));
        }

        return Slots(hosts);
    }

    private static List<WorkerSlot> Slots(IReadOnlyList<(string Host, int Workers)> hosts)
    {
        List<WorkerSlot> slots = [];
        foreach (var (host, workers) in hosts)
        {
            for (var local = 0; local < workers; local++)
                slots.Add(new(host, slots.Count, local, workers));
        }

        return slots;
    }
}

/// <summary>The place of one worker of a job.</summary>
/// <param name="Host">Its machine, or <see cref="HostList.Here"/>.</param>
/// <param name="Rank">Its index, from 0.</param>
/// <param name="LocalRank">Its index on its machine.</param>
/// <param name="LocalSize">The workers on its machine.</param>
public sealed record WorkerSlot(string Host, int Rank, int LocalRank, int LocalSize);
