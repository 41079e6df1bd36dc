using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Featbin;

/// <summary>add-deltas: appends derivatives over time.</summary>
internal sealed class AddDeltasTool : MapFeaturesTool
{
    private int _order = 2;
    private int _window = 2;
    private int _truncate;

    /// <summary>Creates the program.</summary>
    public AddDeltasTool()
        : base("add-deltas", "Add deltas (typically to raw mfcc or plp features).")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddInt("delta-order", _order, "Order of delta computation", v => _order = v);
        parser.AddInt("delta-window", _window, "Frames on either side for each order", v => _window = v);
        parser.AddInt("truncate", 0, "If nonzero, first truncate features to this dimension.", v => _truncate = v);
    }

    private protected override FloatMatrix Map(FloatMatrix features)
    {
        if (_truncate < 0 || _truncate > features.Columns)
            throw new ArgumentException($"--truncate={_truncate}: the features have {features.Columns} values a frame.");

        return Deltas.Add(_truncate == 0 ? features : FirstColumns(features, _truncate), _order, _window);
    }

    private static FloatMatrix FirstColumns(FloatMatrix features, int count)
    {
        var result = new FloatMatrix(features.Rows, count);
        for (var t = 0; t < features.Rows; t++)
            features.Row(t)[..count].CopyTo(result.Row(t));

        return result;
    }
}
