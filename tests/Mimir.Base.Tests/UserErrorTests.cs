using System.Net.Sockets;

namespace Mimir.Base.Tests;

public sealed class UserErrorTests
{
    public static TheoryData<Exception, string> Errors => new()
    {
        { new InputException("feats.scp:3: expected 'key path', got 'utt7'"), "feats.scp:3: expected 'key path', got 'utt7'" },
        { new IOException("No space left on device"), "No space left on device" },
        { new FileNotFoundException("Unable to find the specified file.", "wav.scp"), "wav.scp: no such file" },
        { new FileNotFoundException("there is no recipe 'dnn.yaml'", "dnn.yaml"), "there is no recipe 'dnn.yaml'" },
        { new UnauthorizedAccessException("denied"), "denied" },
        { new InvalidDataException("broken archive"), "broken archive" },
        { new TimeoutException("worker 1 did not come"), "worker 1 did not come" },
        { Reserved<OutOfMemoryException>(), "not enough memory" },
        { new DllNotFoundException("libtorch\nmore"), "a library is missing: libtorch ('mimir doctor' tells more)" },
        { new TypeInitializationException("Some", new DllNotFoundException("x")), "a library is missing: x ('mimir doctor' tells more)" },
        { new AggregateException(new InputException("one"), new InvalidOperationException("two")), "one" },
    };

    public static TheoryData<Exception> Bugs => new()
    {
        new ArgumentException("wrong"),
        new InvalidOperationException("wrong"),
        new NotSupportedException("wrong"),
        new FormatException("wrong"),
        Reserved<NullReferenceException>(),
        Reserved<IndexOutOfRangeException>(),
        new AggregateException(new ArgumentException("wrong")),
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Describe_returns_the_message_of_an_error_of_data_files_or_machine(Exception error, string message) =>
        Assert.Equal(message, UserError.Describe(error));

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Describe_returns_null_for_a_bug(Exception error) => Assert.Null(UserError.Describe(error));

    [Fact]
    public void Describe_returns_the_message_of_a_broken_connection() =>
        Assert.NotNull(UserError.Describe(new SocketException((int)SocketError.ConnectionReset)));

    // Exceptions that only the runtime throws.
    private static T Reserved<T>()
        where T : Exception, new() => new();
}
