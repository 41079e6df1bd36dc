using Mimir.Base;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Tensors;

public sealed class DeviceTests
{
    [Fact]
    public void Parse_of_cpu_is_the_cpu() => Assert.Equal(Device.Cpu, Device.Parse("cpu"));

    [Fact]
    public void Parse_of_auto_is_available() => Assert.True(Device.Parse("auto").IsAvailable);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:x")]
    public void Parse_of_another_word_lists_the_choices(string text) =>
        Assert.Contains("auto, cpu, cuda", Assert.Throws<InputException>(() => Device.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_of_an_absent_device_says_how_many_there_are() =>
        Assert.Contains("CUDA devices", Assert.Throws<InputException>(() => Device.Parse("cuda:999")).Message, StringComparison.Ordinal);
}
