using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-forward: computes posteriors, activations or pseudo log-likelihoods of features.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetForwardTool(TimeProvider time)
    : KaldiTool<NnetForwardTool.Options>(
        "nnet-forward",
        "Perform forward pass through Neural Network.",
        "<nnet1-in> <feature-rspecifier> <feature-wspecifier>")
{
    private const float LeastProbability = 1e-20f;
    private const int UtterancesAhead = 4;

    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>The log priors that are subtracted from the output.</summary>
        [IncludeOptions]
        public PriorOptions Priors { get; init; } = new();

        /// <summary>File of a network that transforms the features first.</summary>
        [Option("feature-transform")]
        public string Transform { get; init; } = "";

        /// <summary>Remove a softmax at the end.</summary>
        [Option("no-softmax")]
        public bool NoSoftmax { get; init; }

        /// <summary>Take logarithms of the output.</summary>
        [Option("apply-log")]
        public bool ApplyLog { get; init; }

        /// <summary>The device.</summary>
        [IncludeOptions]
        public DeviceOptions Device { get; init; } = new();
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var transform = NetworkFiles.ReadTransform(options.Transform, io);
        var network = NetworkFiles.ReadNetwork(arguments[0], io);
        if (options.NoSoftmax)
            RemoveSoftmax(network, arguments[0], log);
        if (options is { ApplyLog: true, NoSoftmax: true })
            throw new InputException("Cannot use both --apply-log=true --no-softmax=true, use only one of the two!");

        var priors = options.Priors.Read(log, io);
        NetworkFiles.SetDropout(transform, 0, log);
        NetworkFiles.SetDropout(network, 0, log);
        NetworkFiles.RequireFit(transform, options.Transform, network, arguments[0]);
        using var pipeline = new Nnet1Pipeline(options.Device.Select(), [.. transform, .. network], arguments[0]);
        using var output = KaldiTables.Matrix.Create(arguments[2], io);
        try
        {
            return Run(pipeline, priors, arguments[1], output, options, log, io);
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
        Nnet1Pipeline pipeline,
        float[]? priors,
        string features,
        TableWriter<FloatMatrix> output,
        Options options,
        KaldiLog log,
        KaldiIoOptions io)
    {
        var start = time.GetTimestamp();
        var (done, frames) = (0, 0L);
        foreach (var (key, matrix) in ReadAhead.Of(KaldiTables.Matrix.Read(features, io), UtterancesAhead))
        {
            RequireFinite(matrix, "features", key);
            var result = Forward(pipeline, key, matrix);
            RequireFinite(result, "nn-output", key);
            if (options.ApplyLog)
                ApplyLog(result, key, log);
            if (priors is not null)
                Subtract(result, priors, options.Priors.Scale);

            output.Write(key, result);
            if (done % 100 == 0 && log.Verbose >= 1)
            {
                var seconds = time.GetElapsedTime(start).TotalSeconds;
                log.Log($"After {done} utterances: time elapsed = {KaldiLog.Number(seconds / 60)} min; "
                    + $"processed {KaldiLog.Number(frames / seconds)} frames per second.");
            }

            done++;
            frames += matrix.Rows;
        }

        if (done == 0)
            throw new InputException($"'{features}' holds no utterance, so there is nothing to compute.");

        var elapsed = time.GetElapsedTime(start).TotalSeconds;
        log.Log($"Done {done} files in {KaldiLog.Number(elapsed / 60)}min, (fps {KaldiLog.Number(frames / elapsed)})");
        return true;
    }

    private static FloatMatrix Forward(Nnet1Pipeline pipeline, string key, FloatMatrix features)
    {
        try
        {
            return pipeline.Forward(features);
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private static void ApplyLog(FloatMatrix output, string key, KaldiLog log)
    {
        if (output.Data.Length > 0 && (TensorPrimitives.Min<float>(output.Data) < 0 || TensorPrimitives.Max<float>(output.Data) > 1))
            log.Warning($"Applying 'log()' to data which don't seem to be probabilities,{key}");

        TensorPrimitives.Add(output.Data, LeastProbability, output.Data);
        TensorPrimitives.Log(output.Data, output.Data);
        RequireFinite(output, "final output nn-output", key);
    }

    private static void Subtract(FloatMatrix output, float[] priors, float scale)
    {
        if (priors.Length != output.Columns)
            throw new InputException($"Dimensionality mismatch, class_frame_counts {priors.Length} pdf_output_llk {output.Columns}");

        for (var row = 0; row < output.Rows; row++)
            TensorPrimitives.MultiplyAdd(priors, -scale, output.Row(row), output.Row(row));
    }

    private static void RequireFinite(FloatMatrix matrix, string name, string key)
    {
        // A finite sum proves finite values; an infinite one may only have overflowed.
        if (!float.IsFinite(TensorPrimitives.Sum<float>(matrix.Data)) && !Array.TrueForAll(matrix.Data, float.IsFinite))
            throw new InputException($"NaN or inf found in {name} for {key}");
    }
}
