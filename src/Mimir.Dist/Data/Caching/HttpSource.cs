using System.Net;
using System.Net.Http.Headers;
using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>A corpus behind HTTP or HTTPS. A download goes on where it stopped by a range request, if the file is still the same.</summary>
/// <remarks>The proxy of the environment (<c>https_proxy</c>, <c>no_proxy</c>) is used, as other programs do.</remarks>
public sealed class HttpSource : ICorpusSource
{
    private readonly Uri _root;
    private readonly string _query;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly HttpClient _client;

    /// <summary>Creates the source of a corpus.</summary>
    /// <param name="root">Its address, below which the files lie. A query goes with every request; name and password are not sent.</param>
    /// <param name="authorization">Goes with every request to the address; null for none.</param>
    /// <param name="handler">Carries the requests; the caller disposes of it. Null: connections of its own.</param>
    public HttpSource(Uri root, HttpMessageHandler? handler = null, AuthenticationHeaderValue? authorization = null)
    {
        if (!root.IsAbsoluteUri || root.Scheme != Uri.UriSchemeHttp && root.Scheme != Uri.UriSchemeHttps)
            throw new InputException($"{SafeText.Of(root.ToString())}: expected an address that begins with http:// or https://");

        (_query, _authorization) = (root.Query, authorization);
        var place = root.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        _root = new(place.EndsWith('/') ? place : place + "/");
        _client = handler is null
            ? new(new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.None,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            : new(handler, disposeHandler: false);
        _client.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>Makes the source of an address with the credentials of this machine for it.</summary>
    /// <param name="place">The address.</param>
    /// <exception cref="InputException">It is none.</exception>
    public static HttpSource Of(string place) => Uri.TryCreate(place, UriKind.Absolute, out var root)
        ? new(root, handler: null, HttpCredentials.Find(root, Environment.GetEnvironmentVariable, HttpCredentials.ReadHidden))
        : throw new InputException($"{SafeText.Of(place)}: expected an address such as https://host/corpus");

    /// <inheritdoc/>
    public string NameOf(string path) => new Uri(_root, Escaped(path)).AbsoluteUri;

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
            Check(response, NameOf(path), _authorization is not null);
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
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_root, Escaped(path) + _query));
        request.Headers.Authorization = _authorization;
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

    private static void Check(HttpResponseMessage response, string name, bool hasCredentials)
    {
        if (response.IsSuccessStatusCode)
            return;

        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        var passing = (int)response.StatusCode is 408 or 425 or 429 or >= 500;
        var remedy = response.StatusCode switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => "is the corpus' address right, and its manifest of this corpus?",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => hasCredentials
                ? "it does not take the name and password, or token, that this machine has for it"
                : $"it asks who reads: give name and password in ~/.netrc, or in {HttpCredentials.Variables}",
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

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
