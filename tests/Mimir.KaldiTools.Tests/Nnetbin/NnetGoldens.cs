using System.Globalization;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>Compares what the programs wrote with what Kaldi's wrote.</summary>
internal static class NnetGoldens
{
    /// <summary>Compares the figures by class: sums in single precision end in other last digits than sums in double.</summary>
    public static void AssertPerClass(string expected, string actual)
    {
        static double[] Numbers(string log) =>
        [
            .. log.Split('\n').Where(line => line.StartsWith("@@@ ", StringComparison.Ordinal))
                .SelectMany(line => line.Split(' ')).Where(word => word.Length > 0 && char.IsAsciiDigit(word[0]))
                .Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
        ];
        foreach (var (want, got) in Numbers(expected).Zip(Numbers(actual)))
            Assert.Equal(want, got, 2e-5 * (1 + want));
    }

    /// <summary>All parameters of a network file, in its order.</summary>
    public static float[] Parameters(string file) => [.. Nnet1File.Read(file).Components.SelectMany(component => component switch
    {
        AffineTransform affine => affine.Weights.Data.Concat(affine.Bias),
        LstmProjected lstm => Parameters(lstm.Parameters),
        BlstmProjected blstm => Parameters(blstm.Forward).Concat(Parameters(blstm.Backward)),
        _ => [],
    })];

    /// <summary>The largest difference of two parameters.</summary>
    public static double Difference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
    }

    /// <summary>The rows of a text archive, which may be cut off after some lines.</summary>
    public static List<(string Key, float[] Row)> Rows(string file)
    {
        var rows = new List<(string, float[])>();
        var key = "";
        using var reader = new StreamReader(KaldiInput.Open(file));
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, "["])
                key = words[0];
            else if (words.Length > 1)
                rows.Add((key, [.. words.Where(word => word != "]").Select(word => float.Parse(word, CultureInfo.InvariantCulture))]));
        }

        return rows;
    }

    /// <summary>Compares rows with the same of some matrices, and notes the largest difference.</summary>
    public static void AssertRows(
        Action<string> print, string name, List<(string Key, float[] Row)> expected, Dictionary<string, FloatMatrix> actual,
        string allowed = "1e-4")
    {
        var next = new Dictionary<string, int>();
        double worst = 0;
        foreach (var (key, row) in expected)
        {
            var frame = next[key] = next.GetValueOrDefault(key, -1) + 1;
            var got = actual[key].Row(frame);
            Assert.Equal(row.Length, got.Length);
            for (var i = 0; i < row.Length; i++)
                worst = Math.Max(worst, Math.Abs((double)row[i] - got[i]));
        }

        KaldiAgreement.Record(
            print, "nnet-forward", name, 1, expected.Sum(row => row.Row.Length), worst, allowed);
        Assert.NotEmpty(expected);
        Assert.InRange(worst, 0, double.Parse(allowed.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    private static IEnumerable<float> Parameters(LstmParameters p) =>
    [
        .. p.InputWeights.Data, .. p.RecurrentWeights.Data, .. p.Bias, .. p.InputPeephole, .. p.ForgetPeephole, .. p.OutputPeephole,
        .. p.Projection.Data,
    ];
}
