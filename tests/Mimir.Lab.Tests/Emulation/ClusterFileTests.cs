using Mimir.Base;
using Mimir.Lab.Emulation;

namespace Mimir.Lab.Tests.Emulation;

public sealed class ClusterFileTests
{
    private const string Text = """
        machines: 4
        devices-per-machine: 2
        device: {frames-per-second: 27000, step-overhead-us: 200, memory-bandwidth-gb: 250}
        inside: {latency-us: 15, bandwidth-gb: 10}
        across: {latency-us: 5, bandwidth-gb: 6}
        speeds: {3: 0.5}
        """;

    public static TheoryData<string> Files() =>
    [
        .. Directory.GetFiles(Path.Combine(SharedData.Checkout, "recipes", "clusters"), "*.yaml")
            .Select(file => Path.GetFileNameWithoutExtension(file)),
    ];

    [Fact]
    public void Parse_knows_the_units()
    {
        var cluster = ClusterFile.Parse(Text, "clusters/four.yaml");

        Assert.Equal("four", cluster.Name);
        Assert.Equal((4, 2, 8), (cluster.Machines, cluster.DevicesPerMachine, cluster.Devices));
        Assert.Equal(27_000, cluster.Device.FramesPerSecond);
        Assert.Equal(200e-6, cluster.Device.StepOverhead, 1e-12);
        Assert.Equal(2.5e11, cluster.Device.MemoryBandwidth, 1);
        Assert.Equal((15e-6, 1e10, false), (cluster.Inside.Latency, cluster.Inside.Bandwidth, cluster.Inside.Shared));
        Assert.Equal((6e9, true), (cluster.Across.Bandwidth, cluster.Across.Shared));
        Assert.Equal(0.5, cluster.Speeds[3]);
        Assert.Equal(0.02, cluster.Jitter);
    }

    [Theory]
    [InlineData("bandwidth-gb: 10}", "bandwith-gb: 10}", "c.yaml:4: unknown key 'bandwith-gb' in 'inside'; did you mean 'bandwidth-gb'?")]
    [InlineData("machines: 4", "machine: 4", "c.yaml:1: unknown key 'machine' in the cluster; did you mean 'machines'?")]
    [InlineData("machines: 4", "machines: 0", "c.yaml:1: 'machines': expected a whole number from 1 to 65536, got '0'")]
    [InlineData("27000", "fast", "c.yaml:3: 'device.frames-per-second': expected a number above 0, got 'fast'")]
    [InlineData(", memory-bandwidth-gb: 250", "", "'device.memory-bandwidth-gb' is missing")]
    [InlineData("3: 0.5", "8: 0.5", "c.yaml: expected the speed of a device from 0 to 7, got 8")]
    [InlineData(
        "3: 0.5",
        "third: 0.5",
        "c.yaml:6: 'speeds': expected a map from a device's number, from 0, to its speed, got the key 'third'")]
    public void Parse_refuses_what_cannot_be(string right, string wrong, string message)
    {
        var error = Assert.Throws<InputException>(() => ClusterFile.Parse(Text.Replace(right, wrong, StringComparison.Ordinal), "c.yaml"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_of_the_tree_are_what_their_names_say(string name)
    {
        var cluster = ClusterFile.Read(Path.Combine(SharedData.Checkout, "recipes", "clusters", $"{name}.yaml"));

        Assert.Equal(name, cluster.Name);
        Assert.Equal(name == "this-machine-2" ? "1x2" : name, $"{cluster.Machines}x{cluster.DevicesPerMachine}");
    }

    [Fact]
    public void Read_names_a_missing_file()
    {
        var error = Assert.Throws<FileNotFoundException>(() => ClusterFile.Read("none.yaml"));

        Assert.Contains("there is no cluster file 'none.yaml'", error.Message);
    }
}
