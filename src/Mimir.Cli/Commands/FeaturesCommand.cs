using System.CommandLine;
using System.Globalization;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Terminal;
using Mimir.Features.Augmentation;
using Mimir.Features.Directories;
using Mimir.Kaldi.Tables;
using Mimir.Train.Reports;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir features</c>: computes the features of a data directory, augmented on request.</summary>
internal static class FeaturesCommand
{
    internal static Command Create(Diagnostics diagnostics)
    {
        var input = new Argument<string>("data")
        {
            Description = "The data directory: wav.scp, and segments, utt2spk, text where it has them.",
        };
        var output = new Option<string>("--output")
        {
            Description = "The folder to write: feats.scp and what belongs to it.",
            Required = true,
        };
        var type = Text("--type", "fbank, mfcc, plp or spectrogram.", "fbank");
        var config = new Option<string?>("--config")
        {
            Description = "Kaldi's options in a file; those of the command line go before them.",
            HelpName = "file",
        };
        var cmvn = new Option<bool>("--cmvn") { Description = "Write the normalisation statistics of each speaker (cmvn.scp) too." };
        var compress = new Option<int?>("--compress")
        {
            Description = "Compress the features, with loss: Kaldi's method 1 to 7.",
            HelpName = "method",
        }.Within(1, 7);
        var speed = Text("--speed", "Factors; each makes a copy of every utterance (sp0.9-…).", "1", "0.9,1.0,1.1");
        var volume = new Option<string?>("--volume")
        {
            Description = "Multiply each utterance by a factor drawn from a range.",
            HelpName = "0.125,2",
        };
        var noise = Texts("--noise", "Add noise from a data directory or a list, perhaps 'share, path' (may be repeated).");
        var snr = Text("--snr", "Signal-to-noise ratios in dB: a range 5-20 or a list 20:10:0.", "20:10:0");
        var foreground = new Option<bool>("--foreground")
        {
            Description = "Noises of data directories come one after another, not throughout.",
        };
        var rirs = Texts("--rirs", "Reverberate with a list or a data directory of impulse responses (may be repeated).");
        var noiseRoot = new Option<string?>("--noise-root") { Description = "Where relative audio paths of --noise and --rirs start." };
        var prefix = Text("--prefix", "Goes before the ids of utterances and speakers, such as rvb1-.", "");
        var encoding = TextOptions.Encoding();
        var root = new Option<string?>("--root") { Description = "Where relative audio paths start." };
        var jobs = new Option<int>("--jobs") { Description = "Threads; 0 is one for each core.", DefaultValueFactory = _ => 0 }
            .Within(0, 1024);
        var seed = new Option<ulong>("--seed") { Description = "The seed of augmentation and dither.", DefaultValueFactory = _ => 777 };
        var dropped = new Option<double>("--max-dropped")
        {
            Description = "The largest share of utterances that may fail.",
            DefaultValueFactory = _ => 0.1,
        }.Within(0, 1);
        var pipes = new Option<bool>("--allow-pipes") { Description = "Run commands ('sox … |') that stand in wav.scp and in lists." };
        var extractor = ExtractorOptions.Create();
        var command = new Command(
            "features",
            "Make the features of a Kaldi data directory on all cores, with speed, volume, noise and rooms changed where wanted. "
                + "Every option of Kaldi's compute-*-feats is one here (--num-mel-bins=80).")
        {
            input, output, type, config, cmvn, compress, speed, volume, noise, snr, foreground, rirs, noiseRoot, prefix, root, encoding,
            jobs, seed, dropped, pipes,
        };
        foreach (var option in extractor)
            command.Options.Add(option);

        command.SetAction((parsed, cancellation) =>
        {
            var noises = parsed.GetRequiredValue(noise);
            var rooms = parsed.GetRequiredValue(rirs);
            var ratios = SnrChoice.Parse(parsed.GetRequiredValue(snr));
            var options = new FeatureDirectoryOptions
            {
                Input = parsed.GetRequiredValue(input),
                Output = parsed.GetRequiredValue(output),
                Features = ExtractorOptions.Read(parsed, extractor, parsed.GetRequiredValue(type), parsed.GetValue(config)),
                Cmvn = parsed.GetValue(cmvn),
                Compression = (CompressionMethod?)parsed.GetValue(compress),
                Speeds = Numbers("--speed", parsed.GetRequiredValue(speed)),
                Augmentation = new()
                {
                    Volume = parsed.GetValue(volume) is { } range ? Range(range) : null,
                    Noise = noises.Length == 0 ? null : new()
                    {
                        Sources = noises,
                        Root = parsed.GetValue(noiseRoot),
                        BackgroundSnr = ratios,
                        ForegroundSnr = ratios,
                        Foreground = parsed.GetValue(foreground),
                    },
                    Reverberation = rooms.Length == 0 ? null : new() { Sources = rooms, Root = parsed.GetValue(noiseRoot) },
                },
                Prefix = parsed.GetRequiredValue(prefix),
                Root = parsed.GetValue(root),
                Encoding = TextOptions.Find(parsed.GetValue(encoding)),
                Workers = parsed.GetValue(jobs),
                Seed = parsed.GetValue(seed),
                MaxDropped = parsed.GetValue(dropped),
                Io = new KaldiIoOptions { AllowPipes = parsed.GetValue(pipes) },
            };
            return Task.FromResult(Run(options, diagnostics, cancellation));
        });
        return command.WithExamples(
            "mimir features data/train --output fbank/train --num-mel-bins=80 --cmvn",
            "mimir features data/train --output mfcc/train_sp --type mfcc --config conf/mfcc.conf --speed 0.9,1.0,1.1 "
                + "--volume 0.125,2 --compress 1",
            "mimir features data/train --output fbank/train_noisy --noise data/musan_noise --snr 5-20 --rirs rir_list --prefix rvb1-");
    }

    private static int Run(FeatureDirectoryOptions options, Diagnostics diagnostics, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var summary = ProgressDisplay.Run(diagnostics, progress => FeatureDirectory.Make(
            options, done => Show(done, clock.GetElapsedTime(began).TotalSeconds, progress), cancellation));
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary}, {summary.Seconds / seconds:0} x real time"));
        return ExitCodes.Success;
    }

    private static void Show(FeatureDirectoryProgress done, double seconds, ITrainingProgress progress) => progress.Report(new()
    {
        Stage = RunStage.Features,
        Done = done.Done,
        Total = done.Total,
        Unit = "utterances",
        RealTimeFactor = done.Seconds / seconds,
        Remaining = TimeSpan.FromSeconds((done.Total - done.Done) / (done.Done / seconds)),
    });

    private static Option<string> Text(string name, string description, string standard, string? helpName = null) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
    };

    private static Option<string[]> Texts(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => [],
    };

    private static double[] Numbers(string option, string text) => [.. text.Split(',').Select(word =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputException($"{option} {text}: expected numbers with commas between them, got '{word}'."))];

    private static (double Low, double High) Range(string text) => Numbers("--volume", text) is [var low, var high]
        ? (low, high)
        : throw new InputException($"--volume {text}: expected the least and the greatest factor, such as 0.125,2.");
}
