using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mimir.Base;

namespace Mimir.Train.Tuning;

/// <summary>The mailbox of <c>mimir tune</c>: <c>tune/</c> in the run's folder, with requests and answers.</summary>
/// <remarks>
/// A request is <c>0001.request.json</c>, its answer <c>0001.answer.json</c>; both are whole or not there. <c>open</c> is there
/// while the job trains and looks for requests.
/// </remarks>
/// <param name="run">The run's folder.</param>
public sealed class TuneFolder(string run)
{
    private const string RequestSuffix = ".request.json";
    private const string AnswerSuffix = ".answer.json";
    private readonly string _folder = System.IO.Path.Combine(run, "tune");

    /// <summary>Gets the folder.</summary>
    public string Path => _folder;

    /// <summary>True while the job looks for requests; it stays true when the job is killed.</summary>
    public bool IsOpen => File.Exists(Marker);

    private string Marker => System.IO.Path.Combine(_folder, "open");

    /// <summary>Notes that the job looks for requests from now on.</summary>
    public void Open()
    {
        Directory.CreateDirectory(_folder);
        AtomicFile.WriteText(Marker, "");
    }

    /// <summary>Notes that the job does not look for requests any more.</summary>
    public void Close() => File.Delete(Marker);

    /// <summary>Writes a request.</summary>
    /// <returns>Its number, from 1.</returns>
    public int Post(TuneRequest request)
    {
        Directory.CreateDirectory(_folder);
        for (var number = Numbers(RequestSuffix).DefaultIfEmpty().Max() + 1; ; number++)
        {
            try
            {
                // Empty, it only takes the number, so that of two who ask at once neither loses.
                File.Open(Of(number, RequestSuffix), FileMode.CreateNew).Dispose();
            }
            catch (IOException) when (File.Exists(Of(number, RequestSuffix)))
            {
                continue;
            }

            AtomicFile.WriteText(Of(number, RequestSuffix), JsonSerializer.Serialize(request, TuneJson.Readable.TuneRequest) + "\n");
            return number;
        }
    }

    /// <summary>The answer to a request, or null while there is none.</summary>
    /// <exception cref="InputException">The file is no answer.</exception>
    public TuneAnswer? AnswerTo(int number) => Read(Of(number, AnswerSuffix), TuneJson.Readable.TuneAnswer);

    /// <summary>The oldest request without an answer, or null. One that cannot be read is answered at once.</summary>
    public (int Number, TuneRequest Request)? Next()
    {
        if (!Directory.Exists(_folder))
            return null;

        var answered = Numbers(AnswerSuffix).ToHashSet();
        foreach (var number in Numbers(RequestSuffix).Where(number => !answered.Contains(number)).Order())
        {
            try
            {
                if (Read(Of(number, RequestSuffix), TuneJson.Readable.TuneRequest) is { } request)
                    return (number, request);
            }
            catch (InputException error)
            {
                Answer(number, new(false, error.Message));
            }
        }

        return null;
    }

    /// <summary>Answers a request.</summary>
    public void Answer(int number, TuneAnswer answer) =>
        AtomicFile.WriteText(Of(number, AnswerSuffix), JsonSerializer.Serialize(answer, TuneJson.Readable.TuneAnswer) + "\n");

    private static T? Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        if (!File.Exists(file))
            return null;

        var text = File.ReadAllText(file);
        try
        {
            return text.Length == 0 ? null : JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException error)
        {
            throw new InputException($"{file}:{(error.LineNumber ?? 0) + 1}: expected what 'mimir tune' writes: {error.Message}", error);
        }
    }

    private string Of(int number, string suffix) =>
        System.IO.Path.Combine(_folder, number.ToString("D4", CultureInfo.InvariantCulture) + suffix);

    private IEnumerable<int> Numbers(string suffix) => Directory.EnumerateFiles(_folder, $"*{suffix}")
        .Select(file => System.IO.Path.GetFileName(file)[..^suffix.Length])
        .Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        .Where(number => number > 0);
}

/// <summary>A request to change values of a running job.</summary>
/// <param name="Asked">The time of the request.</param>
/// <param name="Changes">Each <c>key=value</c>, as on a command line.</param>
public sealed record TuneRequest(DateTimeOffset Asked, IReadOnlyList<string> Changes);

/// <summary>The answer of a running job to a request.</summary>
/// <param name="Accepted">True when the values have changed; else nothing has.</param>
/// <param name="Message">The change with its first step, or the reason of the refusal.</param>
public sealed record TuneAnswer(bool Accepted, string Message);

/// <summary>The decision of the coordinator, which all apply at the same step.</summary>
/// <param name="Request">The number of the request.</param>
/// <param name="Changes">The values by their paths in the recipe.</param>
public sealed record TuneDecision(int Request, IReadOnlyDictionary<string, string> Changes);

/// <summary>The JSON of requests, answers and decisions, without reflection, so that the program can be trimmed.</summary>
[JsonSerializable(typeof(TuneRequest))]
[JsonSerializable(typeof(TuneAnswer))]
[JsonSerializable(typeof(TuneDecision))]
internal sealed partial class TuneJson : JsonSerializerContext
{
    /// <summary>Gets the form in which people read files: signs such as > stay what they are.</summary>
    public static TuneJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
