using Mimir.Base;

namespace Mimir.Features.Augmentation;

/// <summary>Draws the noises of one utterance by the rules of reverberate_data_dir.py and augment_data_dir.py.</summary>
internal sealed record NoiseScene(
    NoiseOptions Options,
    NoiseSet Noises,
    RoomSet? Rooms,
    RoomSet.Room? Room,
    double Seconds,
    int SampleRate,
    SeededRandom Draws,
    List<AdditiveSignal> Added)
{
    // The shortest rest of the speech that gets another noise, in seconds.
    private const double Shortest = 0.01;

    /// <summary>Adds the isotropic noise of the room, where it has one.</summary>
    public void AddIsotropic()
    {
        if (Room is null || Noises.Isotropic[Room.Id].ToList() is not { Count: > 0 } noises)
            return;

        var noise = Draws.OneOf(noises, candidate => candidate.Share);
        AddBackground(Noises.Take(noise, Seconds, SampleRate, Draws));
    }

    /// <summary>Adds point-source noises: background noises throughout, foreground noises from a random time.</summary>
    public void AddPoints()
    {
        if (Noises.Points.Count == 0)
            return;

        var most = Math.Max(1, (int)(Options.MaxPerMinute * Seconds / 60));
        for (var left = 1 + Draws.Below(most); left > 0; left--)
        {
            var noise = Draws.OneOf(Noises.Points, candidate => candidate.Share);
            var samples = Noises.Take(noise, Seconds, SampleRate, Draws);
            if (Room is not null && Rooms is not null)
                samples = WaveCorruption.Apply(samples, SampleRate, Rooms.Draw(Room, SampleRate, Draws), [], new CorruptionOptions());

            if (noise.IsForeground)
                Added.Add(new AdditiveSignal(samples, Options.ForegroundSnr.Draw(Draws), Draws.Between(0, Seconds)));
            else
                AddBackground(samples);
        }
    }

    /// <summary>Adds recordings of data directories: several throughout, or one after another.</summary>
    public void AddDirectories()
    {
        if (Noises.Directories.Count == 0)
            return;

        if (!Options.Foreground)
        {
            for (var left = Draws.OneOf(Options.BackgroundCounts); left > 0; left--)
                AddBackground(Noises.Take(DrawDirectory(), Seconds, SampleRate, Draws));

            return;
        }

        for (double at = 0; at + Shortest < Seconds;)
        {
            var samples = Noises.Take(DrawDirectory(), Seconds - at, SampleRate, Draws);
            Added.Add(new AdditiveSignal(samples, Options.ForegroundSnr.Draw(Draws), at));
            at += ((double)samples.Length / SampleRate) + Options.ForegroundInterval;
        }
    }

    private NoiseSet.Noise DrawDirectory() => Draws.OneOf(Noises.Directories, noise => noise.Share);

    // One sample longer than the speech, so that rounding leaves no gap at its end.
    private void AddBackground(float[] samples) => Added.Add(new AdditiveSignal(
        WaveCorruption.Repeat(samples, (int)(Seconds * SampleRate) + 1), Options.BackgroundSnr.Draw(Draws)));
}
