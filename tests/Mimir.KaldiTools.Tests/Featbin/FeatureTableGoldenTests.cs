using System.IO.Compression;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Featbin;

/// <summary>
/// Runs the command lines of Kaldi's in <c>features/commands.txt</c> that take tables of features. Where the arithmetic is Kaldi's
/// own, the output is the same byte for byte, binary and text.
/// </summary>
public sealed partial class FeatureTableGoldenTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SharedDataTheory]
    [InlineData("apply-cmvn", 5, 5)]
    [InlineData("apply-cmvn-sliding", 2, 1)]
    [InlineData("compute-cmvn-stats", 4, 4)]
    [InlineData("copy-feats", 22, 22)]
    [InlineData("copy-feats-to-htk", 3, 3)]
    [InlineData("feat-to-dim", 1, 1)]
    [InlineData("feat-to-len", 1, 1)]
    [InlineData("paste-feats", 2, 2)]
    [InlineData("select-feats", 1, 1)]
    [InlineData("shift-feats", 1, 1)]
    [InlineData("splice-feats", 2, 2)]
    [InlineData("subsample-feats", 2, 2)]
    [InlineData("transform-feats", 1, 1)]
    [InlineData("wav-to-duration", 1, 1)]
    public void Run_of_every_command_agrees_with_Kaldi(string tool, int count, int identical)
    {
        var difference = new Difference();
        var (compared, same) = (0, 0);
        var allowed = identical == count ? "the same bytes" : "1e-5 + 1e-5 |x|";

        foreach (var line in File.ReadLines(Shared("commands.txt")).Where(l => l.StartsWith(tool + " ", StringComparison.Ordinal)))
        {
            var run = RunLine(line);
            Assert.True(run.Status == 0, $"{line}: {run.Errors}");
            foreach (var (golden, got) in Outputs(line))
            {
                compared++;
                if (Bytes(golden).AsSpan().SequenceEqual(File.ReadAllBytes(got)))
                    same++;
                else if (identical == count)
                    difference.Wrong($"{line}: other bytes than {golden}");
                else
                    Compare(line, golden, got, difference);
            }
        }

        KaldiAgreement.Record(
            console.WriteLine, tool, "goldens/kaldi/features/post", compared, difference.Values, difference.Largest.Value, allowed,
            $"{same} with the same bytes");
        difference.AssertNone();
        Assert.Equal(count, compared);
        Assert.InRange(same, identical, count);
    }

    [SharedDataTheory]
    [InlineData("transform-feats", "Overall average [pseudo-]logdet is 0.752039 over 478 frames.")]
    [InlineData("transform-feats", "Applied transform to 3 utterances; 0 had errors.")]
    [InlineData("wav-to-duration", "Mean duration was 1.61217, min and max durations were 0.224125, 4.16663")]
    [InlineData("copy-feats-to-htk", "3 HTK feature files generated in the direcory: ")]
    [InlineData("subsample-feats", "Processed 478 input frames and 159 output frames.")]
    [InlineData("shift-feats", "Shifted 3 features by 2 frames; 0 with errors.")]
    [InlineData("paste-feats", "Done 3 utts, errors on 0")]
    [InlineData("apply-cmvn-sliding", "Applied sliding-window cepstral mean and variance normalization to 3 utterances, 0 had errors.")]
    public void Run_says_what_Kaldi_says(string tool, string message)
    {
        var errors = File.ReadLines(Shared("commands.txt"))
            .Where(line => line.StartsWith(tool + " ", StringComparison.Ordinal))
            .Select(line => RunLine(line).Errors);

        Assert.Contains(errors, text => text.Contains($"LOG ({tool}) {message}", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private void Compare(string line, string golden, string got, Difference difference)
    {
        console.WriteLine($"other bytes: {line}");
        difference.Compare(Path.GetFileName(golden), $"ark:{got}", $"ark:{golden}", _ => 1e-5, 1e-5);
    }

    // A command in quotes stands for a file with what it prints; so does what is left of a pipe sign.
    [GeneratedRegex("ark:'([^']*?) ark:- \\|'")]
    private static partial Regex Inner();

    [GeneratedRegex(@"(?<=^|[:=])(out|post|wav8k\.scp|spk2utt|utt2spk)(?=[/\s]|$)[^\s]*")]
    private static partial Regex Input();

    [GeneratedRegex(@"(?<=[:,])post/[^,\s]+|^post/[^,\s]+$|(?<=--output-dir=)post")]
    private static partial Regex Output();

    private static string Shared(string name) => SharedData.At($"goldens/kaldi/features/{name}");

    private static string? Golden(string name) => new[] { Shared(name), Shared(name + ".gz") }
        .FirstOrDefault(path => File.Exists(path) && new FileInfo(path).Length > 0);

    // Archives written by Kaldi into post/ name themselves in their scripts.
    private static byte[] Bytes(string path)
    {
        using Stream file = File.OpenRead(path);
        using var copy = new MemoryStream();
        using var stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private ToolRun RunLine(string line)
    {
        var inner = Inner().Match(line);
        if (inner.Success)
        {
            var file = _folder.At("inner.ark");
            var first = inner.Groups[1].Value.Split(' ');
            Assert.Equal(0, ToolRun.Of(first[0], [.. first[1..].Select(Absolute), $"ark:{file}"]).Status);
            line = line.Replace(inner.Value, $"ark:{file}", StringComparison.Ordinal);
        }

        using Stream input = new MemoryStream();
        var run = new ToolRun(0, "", []);
        foreach (var command in line.Split(" | "))
        {
            var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var written = words.Length - (words[0] == "copy-feats-to-htk" ? 2 : 1);
            var places = words.Select((word, i) => i == written || word.StartsWith("--output-dir", StringComparison.Ordinal)
                ? Output().Replace(word, match => Here(match.Value))
                : Absolute(word));
            run = ToolRun.Of(words[0], new MemoryStream(run.Output), [.. places.Skip(1)]);
        }

        return run;
    }

    private IEnumerable<(string Golden, string Got)> Outputs(string line)
    {
        var names = line.Contains("-to-htk", StringComparison.Ordinal)
            ? ["post/a8k.htk", "post/b8k.htk", "post/c8k.htk"]
            : Output().Matches(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]).Select(match => match.Value);
        foreach (var name in names.Where(name => !name.EndsWith(".scp", StringComparison.Ordinal)))
        {
            if (Golden(name) is { } golden)
                yield return (golden, Here(name));
        }
    }

    private string Here(string name)
    {
        var path = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    // What an earlier command made is taken from Kaldi where it was kept, else from here.
    private string Absolute(string word) => Input().Replace(word, match =>
    {
        if (match.Value == "wav8k.scp")
        {
            var lines = File.ReadLines(Shared(match.Value)).Select(line => line.Split(' '));
            return _folder.Write("wav8k.scp", string.Concat(lines.Select(words => $"{words[0]} {Shared(words[1])}\n")));
        }

        return Golden(match.Value) ?? Here(match.Value);
    });
}
