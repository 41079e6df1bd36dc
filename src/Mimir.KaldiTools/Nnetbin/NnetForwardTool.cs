using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-forward: features through a network, to posteriors, activations or pseudo log-likelihoods.</summary>
internal sealed class NnetForwardTool : KaldiTool
{
    private const float LeastProbability = 1e-20f;
    private const int UtterancesAhead = 4;

    private readonly TimeProvider _time;
    private readonly EngineOptions _engine = new("no");
    private KaldiOptionParser? _parser;
    private string _transform = "";
    private string _counts = "";
    private float _priorScale = 1;
    private float _priorFloor = 1e-10f;
    private bool _noSoftmax;
    private bool _applyLog;

    /// <summary>Creates the program.</summary>
    /// <param name="time">The clock of its speed.</param>
    public NnetForwardTool(TimeProvider time)
        : base(
            "nnet-forward",
            "Perform forward pass through Neural Network.",
            "<nnet1-in> <feature-rspecifier> <feature-wspecifier>") => _time = time;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        _parser = parser;
        parser.AddString(
            "class-frame-counts", "", "Vector with frame-counts of pdfs to compute log-priors, which are subtracted from log-posteriors"
            + " or pre-softmax activations", v => _counts = v);
        parser.AddFloat("prior-scale", 1, "Scaling factor to be applied on pdf-log-priors", v => _priorScale = v);
        parser.AddFloat("prior-floor", 1e-10f, "Flooring constant for prior probability (i.e. label rel. frequency)", v => _priorFloor = v);
        parser.AddString("feature-transform", "", "Feature transform in front of main network (in nnet format)", v => _transform = v);
        parser.AddBool(
            "no-softmax", false, "Removes the last component with Softmax, if found; the pre-softmax activations are the output",
            v => _noSoftmax = v);
        parser.AddBool("apply-log", false, "Transform NN output by log()", v => _applyLog = v);
        _engine.Register(parser);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var transform = NetworkReading.Transform(_transform, io);
        var network = NetworkReading.Network(arguments[0], io);
        if (_noSoftmax)
            RemoveSoftmax(network, arguments[0], log);
        if (_applyLog && _noSoftmax)
            throw new ArgumentException("Cannot use both --apply-log=true --no-softmax=true, use only one of the two!");

        var priors = ReadPriors(log, io);
        NetworkReading.DisableDropout(transform, log);
        NetworkReading.DisableDropout(network, log);
        NetworkReading.RequireFit(transform, _transform, network, arguments[0]);
        using var pipeline = new Nnet1Pipeline(_engine.Select(), [.. transform, .. network], arguments[0]);
        using var output = KaldiTables.Matrix.Create(arguments[2], io);
        try
        {
            return Run(pipeline, priors, arguments[1], output, log, io);
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }
    }

    private static void RemoveSoftmax(List<NnetComponent> network, string file, KaldiLog log)
    {
        var last = network[^1];
        if (last is Softmax or GenericComponent { Kind: "BlockSoftmax" })
        {
            log.Log($"Removing <{last.Name}> from the nnet {file}");
            network.RemoveAt(network.Count - 1);
        }
        else
        {
            log.Warning($"Last component 'NOT-REMOVED' by --no-softmax=true, the component was <{last.Name}>");
        }
    }

    private bool Run(
        Nnet1Pipeline pipeline, float[]? priors, string features, TableWriter<FloatMatrix> output, KaldiLog log, KaldiIoOptions io)
    {
        var start = _time.GetTimestamp();
        var (done, frames) = (0, 0L);
        foreach (var (key, matrix) in ReadAhead.Of(KaldiTables.Matrix.Read(features, io), UtterancesAhead))
        {
            RequireFinite(matrix, "features", key);
            var result = Forward(pipeline, key, matrix);
            RequireFinite(result, "nn-output", key);
            if (_applyLog)
                ApplyLog(result, key, log);
            if (priors is not null)
                Subtract(result, priors);

            output.Write(key, result);
            if (done % 100 == 0 && _parser is { Verbose: >= 1 })
            {
                var seconds = _time.GetElapsedTime(start).TotalSeconds;
                log.Log($"After {done} utterances: time elapsed = {Digits.Of(seconds / 60)} min; "
                    + $"processed {Digits.Of(frames / seconds)} frames per second.");
            }

            done++;
            frames += matrix.Rows;
        }

        if (done == 0)
            throw new InputException($"'{features}' holds no utterance, so there is nothing to compute.");

        var elapsed = _time.GetElapsedTime(start).TotalSeconds;
        log.Log($"Done {done} files in {Digits.Of(elapsed / 60)}min, (fps {Digits.Of(frames / elapsed)})");
        return true;
    }

    private static FloatMatrix Forward(Nnet1Pipeline pipeline, string key, FloatMatrix features)
    {
        try
        {
            return pipeline.Forward(features);
        }
        catch (ArgumentException failure)
        {
            throw new InputException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private float[]? ReadPriors(KaldiLog log, KaldiIoOptions io)
    {
        if (_counts.Length == 0)
            return null;

        log.Log($"Computing pdf-priors from : {_counts}");
        using var reader = KaldiReader.Open(_counts, io);
        var counts = reader.ReadDoubleVector(reader.ReadBinaryMarker());
        float[] priors;
        try
        {
            priors = new PdfCounts(counts).LogPriors(_priorFloor);
        }
        catch (ArgumentException failure)
        {
            throw reader.Error(failure.Message);
        }

        var floored = priors.Count(prior => prior == MathF.Sqrt(float.MaxValue));
        log.Log($"Floored {floored} pdf-priors (hard-set to {Digits.Of(MathF.Sqrt(float.MaxValue))}, which disables DNN output when decoding)");
        return priors;
    }

    private static void ApplyLog(FloatMatrix output, string key, KaldiLog log)
    {
        if (output.Data.Length > 0 && (TensorPrimitives.Min<float>(output.Data) < 0 || TensorPrimitives.Max<float>(output.Data) > 1))
            log.Warning($"Applying 'log()' to data which don't seem to be probabilities,{key}");

        TensorPrimitives.Add(output.Data, LeastProbability, output.Data);
        TensorPrimitives.Log(output.Data, output.Data);
        RequireFinite(output, "final output nn-output", key);
    }

    private void Subtract(FloatMatrix output, float[] priors)
    {
        if (priors.Length != output.Columns)
            throw new InputException($"Dimensionality mismatch, class_frame_counts {priors.Length} pdf_output_llk {output.Columns}");

        for (var row = 0; row < output.Rows; row++)
            TensorPrimitives.MultiplyAdd(priors, -_priorScale, output.Row(row), output.Row(row));
    }

    private static void RequireFinite(FloatMatrix matrix, string what, string key)
    {
        // A sum is quick; only its overflow needs a second look.
        if (!float.IsFinite(TensorPrimitives.Sum<float>(matrix.Data)) && !Array.TrueForAll(matrix.Data, float.IsFinite))
            throw new InputException($"NaN or inf found in {what} for {key}");
    }
}
