using System.Globalization;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-set-learnrate: the factors of the learning rate in a network.</summary>
internal sealed class NnetSetLearnrateTool : KaldiTool
{
    private bool _binary = true;
    private string _components = "";
    private float _coef = 1;
    private float _weightCoef = 1;
    private float _biasCoef = 1;

    /// <summary>Creates the program.</summary>
    public NnetSetLearnrateTool()
        : base("nnet-set-learnrate", "Sets learning rate coefficient inside of 'nnet1' model.", "<nnet-in> <nnet-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);
        parser.AddString(
            "components",
            "",
            "Select components by 'csl' of 1..N values. Layout is the same as in 'nnet-info' output, (example 1:3:5)",
            v => _components = v);
        parser.AddFloat("coef", 1, "Learn-rate coefficient for both weight matrices and biases.", v => _coef = v);
        parser.AddFloat("weight-coef", 1, "Learn-rate coefficient for weight matrices (used as: coef * weight_coef).", v => _weightCoef = v);
        parser.AddFloat("bias-coef", 1, "Learn-rate coefficient for bias (used as: coef * bias_coef).", v => _biasCoef = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var network = Nnet1File.Read(arguments[0], io);
        NnetComponent[] components = [.. network.Components];
        foreach (var index in Selected(components.Length, arguments[0]))
            components[index] = WithRates(components[index]);

        NnetOutput.Write(new Nnet1File(components), arguments[1], _binary, io);
        return true;
    }

    private IEnumerable<int> Selected(int count, string file)
    {
        if (_components.Length == 0)
            return Enumerable.Range(0, count);

        return [.. _components.Split(':').Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= count
                ? number - 1
                : throw new ArgumentException($"{file}: --components={_components}: expected numbers from 1 to {count}, got '{word}'."))];
    }

    private NnetComponent WithRates(NnetComponent component)
    {
        var (rate, biasRate) = (_coef * _weightCoef, _coef * _biasCoef);
        return component switch
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
    }

    // The selector of a <MultiBasisComponent> keeps its own rates, as Kaldi lets it.
    private NnetField WithRates(NnetField field, float rate, float biasRate) => field switch
    {
        FloatField { Name: "LearnRateCoef" } => new FloatField(field.Name, rate),
        FloatField { Name: "BiasLearnRateCoef" } => new FloatField(field.Name, biasRate),
        NetworksField networks => networks with
        {
            Networks = [.. networks.Networks.Select(network => new Nnet1File([.. network.Components.Select(WithRates)]))],
        },
        _ => field,
    };
}
