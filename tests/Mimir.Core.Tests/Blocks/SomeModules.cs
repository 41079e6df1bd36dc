using Mimir.Core.Blocks;
using TorchSharp;
using TorchSharp.Modules;
using FrameModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Mimir.Core.Tests.Blocks;

/// <summary>Modules as users write them, loaded from the assembly of these tests.</summary>
public static class SomeModules
{
    internal static ModuleSpec Spec(string type, params (string Key, string Value)[] options) => new(
        type, typeof(SomeModules).Assembly.Location,
        new SortedDictionary<string, string>(options.ToDictionary(option => option.Key, option => option.Value), StringComparer.Ordinal));
}

/// <summary>tanh(A x + a) * sigmoid(B x + b), with dropout.</summary>
public sealed class Gated : FrameModule
{
    private readonly Linear _value, _gate;
    private readonly Dropout _dropout;

    public Gated(int inputs, int outputDim, double dropout = 0)
        : base(nameof(Gated))
    {
        (_value, _gate, _dropout) = (torch.nn.Linear(inputs, outputDim), torch.nn.Linear(inputs, outputDim), torch.nn.Dropout(dropout));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _dropout.call(_value.call(input).tanh() * _gate.call(input).sigmoid());
}

/// <summary>Batch normalisation of TorchSharp, with running averages and an integer buffer.</summary>
public sealed class Normed : FrameModule
{
    private readonly Linear _linear;
    private readonly BatchNorm1d _norm;

    public Normed(long inputs, long outputs)
        : base(nameof(Normed))
    {
        (_linear, _norm) = (torch.nn.Linear(inputs, outputs), torch.nn.BatchNorm1d(outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _norm.call(_linear.call(input));
}

/// <summary>A matrix that is used twice, one that is not used, and one that is not trained.</summary>
public sealed class Tied : FrameModule
{
    private readonly Linear _first, _again, _unused, _fixed;

    public Tied(int inputs)
        : base(nameof(Tied))
    {
        _first = _again = torch.nn.Linear(inputs, inputs);
        (_unused, _fixed) = (torch.nn.Linear(inputs, 2), torch.nn.Linear(inputs, inputs));
        RegisterComponents();
        foreach (var parameter in _fixed.parameters())
            parameter.requires_grad = false;
    }

    public override Tensor forward(Tensor input) => _fixed.call(_again.call(_first.call(input).tanh()));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _first.Dispose();
            _again.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>No parameters.</summary>
public sealed class Doubled(int inputs) : FrameModule(nameof(Doubled))
{
    public override Tensor forward(Tensor input) => input * (2.0 * inputs / inputs);
}

/// <summary>Nothing for autograd.</summary>
public sealed class Detached(int inputs) : FrameModule($"{nameof(Detached)}{inputs}")
{
    public override Tensor forward(Tensor input) => input.detach().sign();
}

/// <summary>One row, whatever the input.</summary>
public sealed class Pooled(int inputs) : FrameModule($"{nameof(Pooled)}{inputs}")
{
    public override Tensor forward(Tensor input) => input.mean([0], keepdim: true);
}

/// <summary>Fails, here or there.</summary>
public sealed class Failing : FrameModule
{
    private readonly bool _early;

    public Failing(int inputs, bool early, DayOfWeek day = DayOfWeek.Friday)
        : base($"{nameof(Failing)}{inputs}{day}") =>
        _early = early ? throw new ArgumentException("not on this day") : false;

    public override Tensor forward(Tensor input) => _early ? input : input.reshape(7, 7);
}

/// <summary>Two constructors.</summary>
public sealed class TwoWays : FrameModule
{
    public TwoWays(int inputs)
        : this(inputs, 1)
    {
    }

    public TwoWays(int inputs, int scale)
        : base($"{nameof(TwoWays)}{inputs}{scale}")
    {
    }

    public override Tensor forward(Tensor input) => input;
}
