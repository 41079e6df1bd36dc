using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Signal;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Augmentation;

/// <summary>Impulse responses by room, read when they are drawn. Thread-safe.</summary>
internal sealed class RoomSet
{
    // The most samples of responses in memory, about 16 bytes each with their transforms.
    private const long Kept = 1 << 24;

    private static readonly string[] Known =
        ["rir-id", "room-id", "receiver-position-id", "source-position-id", "rt60", "rt-60", "drr", "cte", "probability"];

    private readonly IReadOnlyList<Room> _rooms;
    private readonly KaldiIoOptions? _io;
    private readonly ConcurrentDictionary<(string Audio, int Rate), ImpulseResponse> _responses = new();
    private long _kept;

    private RoomSet(IReadOnlyList<Room> rooms, KaldiIoOptions? io) => (_rooms, _io) = (rooms, io);

    /// <summary>A room with its impulse responses and its share of the draws.</summary>
    public sealed record Room(string Id, IReadOnlyList<Response> Responses)
    {
        public double Share { get; } = Responses.Sum(response => response.Share);
    }

    /// <summary>An impulse response in a room.</summary>
    public sealed record Response(string Room, string Audio, double Share);

    /// <summary>Reads lists and data directories.</summary>
    public static RoomSet Load(ReverberationOptions options, KaldiIoOptions? io)
    {
        var sources = options.Sources.Select(SourceShare.Parse).ToList();
        if (sources.Count == 0)
            throw new InputException("reverberation: expected a list of impulse responses or a data directory.");

        var shares = SourceShare.Smooth([.. sources.Select(source => source.Share)], 0, 1);
        var responses = sources.Zip(shares).SelectMany(pair => Read(pair.First.Path, pair.Second, options.Smoothing, options.Root));
        var rooms = responses.GroupBy(response => response.Room).Select(room => new Room(room.Key, [.. room]));
        return new RoomSet([.. rooms], io);
    }

    /// <summary>Draws a room.</summary>
    public Room Draw(SeededRandom draws) => draws.OneOf(_rooms, room => room.Share);

    /// <summary>Draws a response of a room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="sampleRate">The sample rate of the result, in hertz.</param>
    /// <param name="draws">The draws.</param>
    /// <exception cref="InputException">The recording cannot be used.</exception>
    public ImpulseResponse Draw(Room room, int sampleRate, SeededRandom draws)
    {
        var audio = draws.OneOf(room.Responses, response => response.Share).Audio;
        if (_responses.TryGetValue((audio, sampleRate), out var known))
            return known;

        var clip = AudioInput.Read(audio, io: _io);
        try
        {
            var samples = clip.Channel(0);
            var response = new ImpulseResponse(
                clip.SampleRate == sampleRate ? samples : new Resampler(clip.SampleRate, sampleRate).Apply(samples), sampleRate);
            if (Interlocked.Add(ref _kept, response.Length) <= Kept)
                _responses.TryAdd((audio, sampleRate), response);

            return response;
        }
        catch (InputException failure)
        {
            throw new InputException($"{audio}: {failure.Message}", failure);
        }
    }

    private static IEnumerable<Response> Read(string path, double share, double smoothing, string? root)
    {
        if (Directory.Exists(path))
        {
            var utterances = DataDirectory.Load(path, root).Utterances;
            return utterances.Select(utterance => new Response(utterance.Id, utterance.Audio, share / utterances.Count));
        }

        var lines = RecordingList.Read(path, Known);
        var shares = SourceShare.Smooth([.. lines.Select(line => line.Share())], smoothing, share);
        return lines.Zip(shares, (line, part) => new Response(line.Require("room-id"), AudioName.Resolve(line.Audio, root), part));
    }
}
