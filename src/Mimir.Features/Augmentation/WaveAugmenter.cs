using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Augmentation;

/// <summary>
/// Augments waves before feature extraction: speed, then reverberation and noise, then volume. Every draw is a function of
/// seed, epoch and utterance, so that an utterance can be reproduced alone. Thread-safe.
/// </summary>
public sealed class WaveAugmenter
{
    private readonly AugmentationOptions _options;
    private readonly ulong _seed;
    private readonly RoomSet? _rooms;
    private readonly NoiseSet? _noises;
    private readonly ConcurrentDictionary<double, SpeedPerturbation> _speeds = new();

    /// <summary>Reads the lists of noises and rooms.</summary>
    /// <param name="options">The augmentation.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="io">Access of extended file names; null allows files only.</param>
    /// <exception cref="InputException">An option is out of range, or a list is malformed.</exception>
    /// <exception cref="IOException">A list is missing.</exception>
    public WaveAugmenter(AugmentationOptions options, ulong seed, KaldiIoOptions? io = null)
    {
        options.Validate();
        (_options, _seed) = (options, seed);
        _rooms = options.Reverberation is { } rooms ? RoomSet.Load(rooms, io) : null;
        _noises = options.Noise is { } noises ? NoiseSet.Load(noises, io) : null;
    }

    /// <summary>The speed that an utterance has in an epoch.</summary>
    /// <param name="utterance">Its id.</param>
    /// <param name="epoch">The epoch.</param>
    public double SpeedOf(string utterance, int epoch) => _options.Speeds.Count == 0
        ? 1
        : UtteranceDraws.For(DrawPurpose.Speed, _seed, epoch, utterance).OneOf(_options.Speeds);

    /// <summary>Augments a wave.</summary>
    /// <param name="utterance">The utterance's id.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="wave">The samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="speed">The speed; null for <see cref="SpeedOf"/>.</param>
    /// <returns>The augmented wave; samples may exceed the range of 16 bits and are not clipped.</returns>
    /// <exception cref="InputException">A noise or an impulse response cannot be used.</exception>
    /// <exception cref="IOException">One is missing.</exception>
    public float[] Apply(string utterance, int epoch, ReadOnlySpan<float> wave, int sampleRate, double? speed = null)
    {
        var factor = speed ?? SpeedOf(utterance, epoch);
        var output = _speeds.GetOrAdd(factor, static f => new SpeedPerturbation(f)).Apply(wave);
        if (output.Length == 0)
            return output;

        var (spoken, room) = DrawRoom(utterance, epoch, sampleRate);
        var noises = DrawNoises(utterance, epoch, room, (double)output.Length / sampleRate, sampleRate);
        if (spoken is not null || noises.Count > 0)
            output = WaveCorruption.Apply(output, sampleRate, spoken, noises, new CorruptionOptions());

        if (_options.Volume is var (low, high))
        {
            var gain = UtteranceDraws.For(DrawPurpose.Volume, _seed, epoch, utterance).Between(low, high);
            TensorPrimitives.Multiply<float>(output, (float)gain, output);
        }

        return output;
    }

    private (ImpulseResponse? Spoken, RoomSet.Room? Room) DrawRoom(string utterance, int epoch, int sampleRate)
    {
        if (_rooms is null || _options.Reverberation is not { } options)
            return (null, null);

        var draws = UtteranceDraws.For(DrawPurpose.Reverberation, _seed, epoch, utterance);
        var room = _rooms.Draw(draws);
        return (draws.Chance(options.Probability) ? _rooms.Draw(room, sampleRate, draws) : null, room);
    }

    private List<AdditiveSignal> DrawNoises(string utterance, int epoch, RoomSet.Room? room, double seconds, int sampleRate)
    {
        var added = new List<AdditiveSignal>();
        if (_noises is null || _options.Noise is not { } options)
            return added;

        var draws = UtteranceDraws.For(DrawPurpose.Noise, _seed, epoch, utterance);
        if (!draws.Chance(options.Probability))
            return added;

        var scene = new NoiseScene(options, _noises, _rooms, room, seconds, sampleRate, draws, added);
        scene.AddIsotropic();
        scene.AddPoints();
        scene.AddDirectories();
        return added;
    }
}
