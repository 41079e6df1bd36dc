using System.Net;
using System.Text;
using Mimir.Dist.Data.Caching;

namespace Mimir.Dist.Tests.Data.Caching;

public sealed class HttpCredentialsTests
{
    private const string Netrc = """
        # machine host login wrong password wrong
        machine other login o password p
        machine HOST
          login me account x
          password secret
        default login any password one
        """;

    [Theory]
    [InlineData("http://a:b@host/c", "Basic a:b")]
    [InlineData("http://a%40b:c%3Ad@host/c", "Basic a@b:c:d")]
    [InlineData("http://a@host/c", "Basic a:")]
    [InlineData("http://a:b@host/c", "Basic a:b", "MIMIR_CORPUS_TOKEN=t")]
    [InlineData("http://host/c", "Bearer t", "MIMIR_CORPUS_TOKEN=t", "MIMIR_CORPUS_USER=u")]
    [InlineData("http://host/c", "Basic u:", "MIMIR_CORPUS_USER=u")]
    [InlineData("http://host/c", "Basic u:密", "MIMIR_CORPUS_USER=u", "MIMIR_CORPUS_PASSWORD=密")]
    [InlineData("http://host/c", "Basic me:secret", "HOME=/home/me")]
    [InlineData("http://other:81/c", "Basic o:p", "NETRC=/home/me/.netrc")]
    [InlineData("http://third/c", "Basic any:one", "HOME=/home/me")]
    [InlineData("http://host/c", null, "HOME=/home/you")]
    public void Find_takes_the_address_then_variables_then_netrc(string address, string? expected, params string[] variables)
    {
        var found = HttpCredentials.Find(
            new(address),
            name => variables.FirstOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..],
            file => file == "/home/me/.netrc" ? Netrc : null);

        var words = found is { Scheme: "Basic", Parameter: { } text }
            ? $"Basic {Encoding.UTF8.GetString(Convert.FromBase64String(text))}"
            : found?.ToString();
        Assert.Equal(expected, words);
    }

    [Fact]
    public async Task A_source_sends_credentials_and_query_and_names_neither()
    {
        var asked = new List<HttpRequestMessage>();
        using var handler = new Handler(request =>
        {
            asked.Add(request);
            return new(HttpStatusCode.Unauthorized);
        });
        using var source = new HttpSource(new("https://me:secret@host/c?sig=hidden"), handler, new("Bearer", "t"));

        var error = await Assert.ThrowsAsync<SourceException>(() => source.OpenAsync("a b/c.wav", 0, null, default));

        var request = Assert.Single(asked);
        Assert.Equal("https://host/c/a%20b/c.wav?sig=hidden", request.RequestUri?.AbsoluteUri);
        Assert.Equal("Bearer t", request.Headers.Authorization?.ToString());
        Assert.Equal("https://host/c/a%20b/c.wav", source.NameOf("a b/c.wav"));
        Assert.StartsWith("https://host/c/a%20b/c.wav: 401", error.Message, StringComparison.Ordinal);
        Assert.Contains("does not take the name and password", error.Message, StringComparison.Ordinal);
    }

    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> respond) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(respond(request));
    }
}
