using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Config;
using Mimir.Dist.Costs;

namespace Mimir.Lab.Emulation;

/// <summary>Reads cluster files, strictly as recipes: machines, devices and links, with the units in the names of the keys.</summary>
public static class ClusterFile
{
    private static readonly ConfigFormat<ClusterModel> Format = new("cluster", "machines, device, across")
    {
        Start = new()
        {
            Machines = 1,
            DevicesPerMachine = 1,
            Device = new() { FramesPerSecond = 1, MemoryBandwidth = 1 },
            Inside = new() { Bandwidth = 1 },
            Across = new() { Bandwidth = 1, Shared = true },
        },
    };

    /// <summary>Reads a cluster file.</summary>
    /// <param name="file">The YAML file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InputException">A key is unknown or missing, or a value is out of range; a line for each.</exception>
    public static ClusterModel Read(string file) => File.Exists(file)
        ? Parse(TextLineReader.ReadAll(file), file)
        : throw new FileNotFoundException($"there is no cluster file '{file}'", file);

    /// <summary>Reads a cluster from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">The name for messages, and for the cluster when it has no name.</param>
    /// <exception cref="InputException">A key is unknown or missing, or a value is out of range; a line for each.</exception>
    public static ClusterModel Parse(string text, string file)
    {
        var cluster = Format.Parse(text, file, new()).Demand();
        cluster = cluster.Name.Length > 0 ? cluster : cluster with { Name = Path.GetFileNameWithoutExtension(file) };
        try
        {
            cluster.Validate();
            return cluster;
        }
        catch (InputException error)
        {
            throw new InputException($"{file}: {error.Message}", error);
        }
    }
}
