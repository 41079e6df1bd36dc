using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>A program that writes a file of another toolkit for each utterance.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="format">The toolkit.</param>
internal abstract class CopyFeatsToFilesTool<TOptions>(string name, string format) : KaldiTool<TOptions>(
    name, $"Save features as {format} files, each utterance in a file <output-dir>/<key>.<output-ext>.", "<in-rspecifier>")
    where TOptions : CopyFeatsToFilesOptions, new()
{
    /// <summary>Gets the format of the files.</summary>
    protected abstract Table<FloatMatrix> Files(TOptions options);

    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        Directory.CreateDirectory(options.Folder);
        var files = Files(options).Holder;
        var done = 0;
        foreach (var (key, features) in KaldiTables.Matrix.Read(arguments[0], io))
        {
            var path = Path.Combine(options.Folder, $"{key}.{options.Extension}");
            AtomicFile.Write(path, stream => files.Write(new KaldiWriter(stream, binary: true), features));
            done++;
        }

        // "direcory" as Kaldi spells it.
        log.Log($"{done} {format} feature files generated in the direcory: {options.Folder}");
        return done != 0;
    }
}

/// <summary>The options of both programs.</summary>
internal abstract record CopyFeatsToFilesOptions
{
    /// <summary>Extension of the files.</summary>
    [Option("output-ext")]
    public abstract string Extension { get; init; }

    /// <summary>Folder of the files; it is created.</summary>
    [Option("output-dir")]
    public string Folder { get; init; } = "./";
}

/// <summary>copy-feats-to-htk: an HTK file for each utterance.</summary>
internal sealed class CopyFeatsToHtkTool() : CopyFeatsToFilesTool<CopyFeatsToHtkTool.Options>("copy-feats-to-htk", "HTK")
{
    /// <summary>The options.</summary>
    internal sealed record Options : CopyFeatsToFilesOptions
    {
        /// <summary>Extension of the files.</summary>
        [Option("output-ext")]
        public override string Extension { get; init; } = "fea";

        /// <summary>Step from frame to frame in units of 100 nanoseconds, HTK's sampPeriod.</summary>
        [Option("sample-period")]
        public int SamplePeriod { get; init; } = 100_000;

        /// <summary>Code of the kind of features, HTK's parmKind: 6 MFCC, 7 FBANK, 9 USER, 11 PLP.</summary>
        [Option("sample-kind")]
        public int SampleKind { get; init; } = HtkHeader.User;
    }

    protected override Table<FloatMatrix> Files(Options options) =>
        KaldiTables.HtkWith(new(options.SamplePeriod, options.SampleKind));
}

/// <summary>copy-feats-to-sphinx: a Sphinx file for each utterance.</summary>
internal sealed class CopyFeatsToSphinxTool() : CopyFeatsToFilesTool<CopyFeatsToSphinxTool.Options>("copy-feats-to-sphinx", "Sphinx")
{
    /// <summary>The options.</summary>
    internal sealed record Options : CopyFeatsToFilesOptions
    {
        /// <summary>Extension of the files.</summary>
        [Option("output-ext")]
        public override string Extension { get; init; } = "mfc";
    }

    protected override Table<FloatMatrix> Files(Options options) => KaldiTables.Sphinx;
}
