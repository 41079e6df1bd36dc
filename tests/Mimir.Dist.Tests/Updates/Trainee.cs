using Mimir.Dist.Updates;

namespace Mimir.Dist.Tests.Updates;

/// <summary>A worker's training loop, the same for all modes, in single precision.</summary>
internal sealed class Trainee(double rate, double momentum)
{
    private readonly float[] _velocity = new float[LeastSquares.Parameters];
    private readonly float[] _gradients = new float[LeastSquares.Parameters];

    private bool _stepTaken;

    public float[] Model { get; private init; } = [.. LeastSquares.Start().Select(value => (float)value)];

    public List<long> Totals { get; } = [];

    /// <summary>A copy as a checkpoint of model and optimiser gives it.</summary>
    public Trainee Clone()
    {
        var clone = new Trainee(rate, momentum) { Model = [.. Model] };
        _velocity.CopyTo(clone._velocity, 0);
        return clone;
    }

    /// <summary>An epoch; <paramref name="repair"/> is called when another worker is lost, and says what became of the model.</summary>
    public void Epoch(IUpdateMode mode, int[][] batches, Func<UpdateOutcome>? repair = null)
    {
        for (var next = 0; ; next++)
        {
            try
            {
                if (!Step(mode, next < batches.Length ? batches[next] : []))
                    break;
            }
            catch (PeerLostException) when (repair is not null)
            {
                var outcome = repair();
                Note(outcome);
                if (!_stepTaken && !outcome.ModelReplaced)
                    next--;
            }
        }

        try
        {
            Note(mode.Flush(Model));
        }
        catch (PeerLostException) when (repair is not null)
        {
            Note(repair());
            Note(mode.Flush(Model));
        }
    }

    /// <summary>One step; false when nothing is left to do.</summary>
    public bool Step(IUpdateMode mode, int[] batch)
    {
        _stepTaken = false;
        Array.Fill(_gradients, float.NaN);
        if (batch.Length > 0)
        {
            var gradient = LeastSquares.Gradient([.. Model.Select(value => (double)value)], batch);
            for (var i = 0; i < _gradients.Length; i++)
                _gradients[i] = (float)gradient[i];

            // A backward pass in pieces of 2 and less.
            for (var end = _gradients.Length; end > 0; end -= Math.Min(2, end))
                mode.GradientReady(_gradients, Math.Max(0, end - 2), Math.Min(2, end));
        }

        var total = mode.BeforeStep(_gradients, batch.Length);
        Totals.Add(total);
        if (total == 0)
            return false;

        for (var i = 0; i < Model.Length; i++)
        {
            _velocity[i] = ((float)momentum * _velocity[i]) + _gradients[i];
            Model[i] -= (float)rate * _velocity[i];
        }

        _stepTaken = true;
        Note(mode.AfterStep(Model, batch.Length, rate));
        return true;
    }

    private void Note(UpdateOutcome outcome)
    {
        if (outcome.ForgetMomentum)
            Array.Clear(_velocity);
    }
}
