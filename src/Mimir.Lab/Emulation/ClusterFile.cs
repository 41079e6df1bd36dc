using Mimir.Base;
using Mimir.Config;
using Mimir.Dist.Costs;

namespace Mimir.Lab.Emulation;

/// <summary>Reads cluster files, strictly as recipes: machines, devices and links, with the units in the names of the keys.</summary>
public static class ClusterFile
{
    /// <summary>Reads a cluster file.</summary>
    /// <param name="file">The YAML file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InputException">A key is unknown or missing, or a value cannot be; the message has a line for each.</exception>
    public static ClusterModel Read(string file) => File.Exists(file)
        ? Parse(File.ReadAllText(file), file)
        : throw new FileNotFoundException($"there is no cluster file '{file}'", file);

    /// <summary>Reads a cluster from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it, and the cluster when it has no name.</param>
    /// <exception cref="InputException">A key is unknown or missing, or a value cannot be; the message has a line for each.</exception>
    public static ClusterModel Parse(string text, string file)
    {
        var variables = new Variables(Environment.GetEnvironmentVariable);
        var tree = YamlTree.Parse(text, line => new ValueOrigin(OriginKind.File, $"{file}:{line}"), variables);
        if (tree is not MapNode)
            throw new InputException($"{tree.Origin.Place}: expected a cluster (keys such as machines, device, across), got {tree.Describe()}");

        var context = new BindContext(variables);
        try
        {
            var cluster = ClusterTable.Root.Read(tree, "", ClusterTable.Start, context);
            if (context.Problems.Count > 0)
                throw new InputException(string.Join('\n', context.Problems));

            cluster = cluster.Name.Length > 0 ? cluster : cluster with { Name = Path.GetFileNameWithoutExtension(file) };
            cluster.Validate();
            return cluster;
        }
        catch (ArgumentException error)
        {
            throw new InputException($"{file}: {error.Message}", error);
        }
    }
}
