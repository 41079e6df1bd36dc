using System.Net;
using System.Net.Http.Headers;
using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>A corpus behind HTTP or HTTPS. A download goes on where it stopped by a range request, if the file is still the same.</summary>
/// <remarks>The proxy of the environment (<c>https_proxy</c>, <c>no_proxy</c>) is used, as other programs do.</remarks>
public sealed class HttpSource : ICorpusSource
{
    private readonly Uri _root;
    private readonly HttpClient _client;

    /// <summary>Creates the source of a corpus.</summary>
    /// <param name="root">Its address, below which the files lie.</param>
    /// <param name="handler">Carries the requests; the caller disposes of it. Null: connections of its own.</param>
    public HttpSource(Uri root, HttpMessageHandler? handler = null)
    {
        if (!root.IsAbsoluteUri || root.Scheme != Uri.UriSchemeHttp && root.Scheme != Uri.UriSchemeHttps)
            throw new InputException($"{root}: expected an address that begins with http:// or https://");

        _root = root.AbsoluteUri.EndsWith('/') ? root : new(root.AbsoluteUri + "/");
        _client = handler is null
            ? new(new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.None,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            : new(handler, disposeHandler: false);
        _client.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <inheritdoc/>
    public string NameOf(string path) => AddressOf(path).GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    /// <inheritdoc/>
    public async Task<SourceContent> OpenAsync(string path, long offset, string? version, CancellationToken cancellation)
    {
        var response = await SendAsync(path, offset, version, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // The part here is longer than the file there: it is another file.
            response.Dispose();
            response = await SendAsync(path, 0, null, cancellation).ConfigureAwait(false);
        }

        try
        {
            Check(response, NameOf(path));
            var range = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange : null;
            var length = range is null ? response.Content.Headers.ContentLength : range.Length;
            if (length is null || response.StatusCode == HttpStatusCode.PartialContent && range?.From is null)
                throw new SourceException(
                    $"{NameOf(path)}: the server does not say how long the file is; serve it as a plain file", passing: false);

            var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            return new(response, stream) { Offset = range?.From ?? 0, Length = length.Value, Version = VersionOf(response) };
        }
        catch (Exception)
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string path, long offset, string? version, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(path));
        request.Headers.AcceptEncoding.Add(new("identity"));
        if (offset > 0 && version is not null)
        {
            request.Headers.Range = new(offset, null);
            request.Headers.TryAddWithoutValidation("If-Range", version);
        }

        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            var tls = error.HttpRequestError == HttpRequestError.SecureConnectionError;
            var remedy = tls ? "is its certificate known to this machine?" : "is the server up, and reachable from this machine?";
            throw new SourceException($"{NameOf(path)}: no connection: {error.Message}; {remedy}", passing: !tls, error);
        }
    }

    private static void Check(HttpResponseMessage response, string name)
    {
        if (response.IsSuccessStatusCode)
            return;

        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        var passing = (int)response.StatusCode is 408 or 425 or 429 or >= 500;
        var remedy = response.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => "is the corpus' address right, and its manifest of this corpus?",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "the server must let this machine read the corpus",
            _ when passing => "the server is busy or out of order; look at its log",
            _ => "the server does not serve it as a plain file",
        };
        throw new SourceException($"{name}: {status}; {remedy}", passing) { Wait = WaitOf(response.Headers.RetryAfter) };
    }

    private static TimeSpan? WaitOf(RetryConditionHeaderValue? header) => header?.Delta;

    // A strong ETag promises the same bytes, and so does the time of the last change for files that are not written to.
    private static string? VersionOf(HttpResponseMessage response) => response.Headers.ETag switch
    {
        { IsWeak: false } tag => tag.Tag,
        _ => response.Content.Headers.LastModified?.ToString("r", System.Globalization.CultureInfo.InvariantCulture),
    };

    private Uri AddressOf(string path) => new(_root, string.Join('/', path.Split('/').Select(Uri.EscapeDataString)));
}
