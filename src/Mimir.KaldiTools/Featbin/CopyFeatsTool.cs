using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>copy-feats: copies features from any format to Kaldi's: binary, text or compressed.</summary>
internal sealed class CopyFeatsTool()
    : KaldiTool<CopyFeatsTool.Options>(
        "copy-feats",
        "Copy features [and possibly change format]",
        "(<feature-rspecifier>|<feats-rxfilename>) (<feature-wspecifier>|<feats-wxfilename>)")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Read HTK files.</summary>
        [Option("htk-in")]
        public bool HtkIn { get; init; }

        /// <summary>Read Sphinx files.</summary>
        [Option("sphinx-in")]
        public bool SphinxIn { get; init; }

        /// <summary>Compress the matrices of a table.</summary>
        [Option("compress")]
        public bool Compress { get; init; }

        /// <summary>
        /// Method of compress: 1 automatic, 2 speech features, 3 two bytes, 4 two-byte integers, 5 one byte, 6 one-byte integers,
        /// 7 one byte from 0 to 1.
        /// </summary>
        [Option("compression-method", Needs = "compress", Min = 1, Max = 7)]
        public int CompressionMethod { get; init; } = 1;

        /// <summary>Table to write the frames of each utterance to, such as ark,t:utt2num_frames.</summary>
        [Option("write-num-frames")]
        public string WriteNumFrames { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options is { HtkIn: true, SphinxIn: true })
            throw new InputException("--htk-in and --sphinx-in: expected one of them.");
        if (!TableLoops.AreTables(arguments[0], arguments[1]))
        {
            CopyFile(arguments[0], arguments[1], options, io);
            log.Log($"Copied features from {arguments[0]} to {arguments[1]}");
            return true;
        }

        var done = 0;
        CompressionMethod? method = options.Compress ? (CompressionMethod)options.CompressionMethod : null;
        using var output = KaldiTables.CompressedMatrix(method).Create(arguments[1], io);
        using var lengths = options.WriteNumFrames.Length == 0 ? null : KaldiTables.IntScalar.Create(options.WriteNumFrames, io);
        try
        {
            foreach (var (key, features) in Read(arguments[0], options, io))
            {
                Write(output, key, features);
                lengths?.Write(key, features.Rows);
                done++;
            }
        }
        catch (Exception)
        {
            output.Discard();
            lengths?.Discard();
            throw;
        }

        log.Log($"Copied {done} feature matrices.");
        return done != 0;
    }

    private static void Write(TableWriter<FloatMatrix> output, string key, FloatMatrix features)
    {
        try
        {
            output.Write(key, features);
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private static IEnumerable<KeyValuePair<string, FloatMatrix>> Read(string rspecifier, Options options, KaldiIoOptions io)
    {
        if (options.HtkIn)
            return KaldiTables.Htk.Read(rspecifier, io);

        return options.SphinxIn ? KaldiTables.Sphinx.Read(rspecifier, io) : KaldiTables.Matrix.Read(rspecifier, io);
    }

    private static void CopyFile(string from, string to, Options options, KaldiIoOptions io)
    {
        if (options.Compress)
            throw new InputException("--compress=true: only tables are compressed, not single files.");
        if (options.WriteNumFrames.Length > 0)
            throw new InputException("--write-num-frames: only for tables, not for single files.");
        if (options.SphinxIn)
            throw new InputException("--sphinx-in: only for tables, not for single files.");

        var features = options.HtkIn ? KaldiTables.Htk.ReadOne(from, io) : KaldiTables.Matrix.ReadOne(from, io);
        KaldiTables.Matrix.WriteOne(to, features, options.Binary, io);
    }
}
