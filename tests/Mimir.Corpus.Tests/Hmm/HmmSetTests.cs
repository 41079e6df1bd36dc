using Mimir.Corpus.Hmm;

namespace Mimir.Corpus.Tests.Hmm;

public class HmmSetTests
{
    private readonly HmmSet _hmms = new();

    [Fact]
    public void Estimate_agrees_with_the_numbering_of_transition_ids()
    {
        var model = _hmms.Estimate([]);

        Assert.Equal(66, model.PdfCount);
        Assert.Equal(_hmms.PdfCount, model.PdfCount);
        foreach (var unit in _hmms.WordUnits.SelectMany(word => word).Append(_hmms.Silence))
        {
            for (var state = 0; state < HmmSet.States; state++)
            {
                var (loop, forward) = (_hmms.SelfLoop(unit, state), _hmms.Forward(unit, state));
                Assert.True(model.IsSelfLoop(loop));
                Assert.False(model.IsSelfLoop(forward));
                Assert.Equal(unit.PhoneId, model.PhoneOf(forward));
                Assert.Equal(state, model.HmmStateOf(loop));
                Assert.Equal(unit.FirstPdf + state, model.PdfOf(loop));
                Assert.Equal(unit.FirstPdf + state, model.PdfOf(forward));
            }
        }
    }

    [Fact]
    public void Estimate_counts_loops()
    {
        var unit = _hmms.WordUnits[3][0];
        int[] visit = [_hmms.Forward(unit, 1), .. Enumerable.Repeat(_hmms.SelfLoop(unit, 1), 9)];
        int[] visits = [.. Enumerable.Repeat(visit, 1000).SelectMany(ids => ids)];

        var model = _hmms.Estimate([visits]);

        Assert.Equal(0.9, Math.Exp(model.LogProbabilityOf(_hmms.SelfLoop(unit, 1))), 0.001);
        Assert.Equal(0.1, Math.Exp(model.LogProbabilityOf(_hmms.Forward(unit, 1))), 0.001);
        Assert.Equal(0.75, Math.Exp(model.LogProbabilityOf(_hmms.SelfLoop(unit, 0))), 0.001);
    }
}
