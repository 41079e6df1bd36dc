using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-set-learnrate: sets the factors of the learning rate in a network.</summary>
internal sealed class NnetSetLearnrateTool()
    : KaldiTool<NnetSetLearnrateTool.Options>(
        "nnet-set-learnrate",
        "Sets learning rate coefficient inside of 'nnet1' model.",
        "<nnet-in> <nnet-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Components to change, numbered from 1 as in nnet-info, with colons between them; all when empty.</summary>
        [Option("components")]
        public string Components { get; init; } = "";

        /// <summary>Factor of the learning rate of weights and biases.</summary>
        [Option("coef")]
        public float Factor { get; init; } = 1;

        /// <summary>Further factor for weights.</summary>
        [Option("weight-coef")]
        public float WeightFactor { get; init; } = 1;

        /// <summary>Further factor for biases.</summary>
        [Option("bias-coef")]
        public float BiasFactor { get; init; } = 1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var network = Nnet1File.Read(arguments[0], io);
        NnetComponent[] components = [.. network.Components];
        var (rate, biasRate) = (options.Factor * options.WeightFactor, options.Factor * options.BiasFactor);
        foreach (var index in Selected(options.Components, components.Length, arguments[0]))
            components[index] = WithRates(components[index], rate, biasRate);

        NetworkFiles.Write(components, arguments[1], options.Binary, io);
        return true;
    }

    private static IEnumerable<int> Selected(string selection, int count, string file)
    {
        if (selection.Length == 0)
            return Enumerable.Range(0, count);

        return [.. selection.Split(':').Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= count
                ? number - 1
                : throw new InputException($"{file}: --components={selection}: expected numbers from 1 to {count}, got '{word}'."))];
    }

    private static NnetComponent WithRates(NnetComponent component, float rate, float biasRate) => component switch
    {
        AffineTransform affine => affine with { LearnRateCoef = rate, BiasLearnRateCoef = biasRate },
        LinearTransform linear => linear with { LearnRateCoef = rate },
        AddShift shift => shift with { LearnRateCoef = rate },
        Rescale scale => scale with { LearnRateCoef = rate },
        LstmProjected lstm => lstm with { Training = lstm.Training with { LearnRateCoef = rate, BiasLearnRateCoef = biasRate } },
        BlstmProjected lstm => lstm with { Training = lstm.Training with { LearnRateCoef = rate, BiasLearnRateCoef = biasRate } },
        GenericComponent generic => generic with { Fields = [.. generic.Fields.Select(field => WithRates(field, rate, biasRate))] },
        _ => component,
    };

    // The selector of a <MultiBasisComponent> keeps its own rates, as Kaldi lets it.
    private static NnetField WithRates(NnetField field, float rate, float biasRate) => field switch
    {
        FloatField { Name: "LearnRateCoef" } => new FloatField(field.Name, rate),
        FloatField { Name: "BiasLearnRateCoef" } => new FloatField(field.Name, biasRate),
        NetworksField nested => nested with { Networks = [.. nested.Networks.Select(network => WithRates(network, rate, biasRate))] },
        _ => field,
    };

    private static Nnet1File WithRates(Nnet1File network, float rate, float biasRate) =>
        new([.. network.Components.Select(component => WithRates(component, rate, biasRate))]);
}
