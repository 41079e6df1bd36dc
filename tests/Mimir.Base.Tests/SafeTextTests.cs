namespace Mimir.Base.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("https://me:secret@host/c", "https://***@host/c")]
    [InlineData("a http://me:se@cret@host:80/c, b", "a http://***@host:80/c, b")]
    [InlineData("--set corpus.source=https://me@host", "--set corpus.source=https://***@host")]
    [InlineData("'https://host/c?sig=abc&x=1': no", "'https://host/c?***': no")]
    [InlineData("HTTPS://host/c?sig=abc#top", "HTTPS://host/c?***#top")]
    [InlineData("https://host/a@b/c", "https://host/a@b/c")]
    [InlineData("is it there? me@host", "is it there? me@host")]
    public void WithoutSecrets_hides_names_passwords_and_queries_of_addresses(string text, string expected) =>
        Assert.Equal(expected, SafeText.WithoutSecrets(text));

    [Theory]
    [InlineData("\u001b[2Jgone", @"\u001b[2Jgone")]
    [InlineData("a\u009b31mb", @"a\u009b31mb")]
    [InlineData("a\rb\bc", @"a\u000db\u0008c")]
    [InlineData("exe\u202Egpj", @"exe\u202egpj")]
    [InlineData("a\tb\n安静 é", "a\tb\n安静 é")]
    public void Of_writes_out_what_would_steer_a_terminal(string text, string expected) => Assert.Equal(expected, SafeText.Of(text));
}
