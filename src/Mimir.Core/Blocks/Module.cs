using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;
using FrameModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Mimir.Core.Blocks;

/// <summary>A TorchSharp module of the user's own as a layer; its backward pass is autograd's.</summary>
/// <remarks>
/// The module takes frames <c>[N, inputs]</c> and returns <c>[N, outputs]</c>. Its constructor takes the number of inputs as its
/// first parameter; the others are options by their names in kebab-case. See docs/modules.md.
/// </remarks>
/// <param name="ClassName">The name of the class, with its namespace where the assembly has several of that name.</param>
/// <param name="Assembly">The file of the assembly; where there is none, the file of that name in the current folder.</param>
/// <param name="Options">The other parameters of the constructor, as text.</param>
public sealed record ModuleSpec(
    [property: JsonRequired] string ClassName, [property: JsonRequired] string Assembly, IReadOnlyDictionary<string, string> Options)
    : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ModuleBlock(this, inputDim);
}

/// <summary>Computes a <see cref="ModuleSpec"/>. The parameters of the module are views of the graph's flat buffers.</summary>
internal sealed class ModuleBlock : Block
{
    private readonly ModuleSpec _spec;
    private readonly int _inputDim;
    private readonly FrameModule _module;
    private readonly ParameterDeclaration[] _parameters;

    // Trained parameters first, then buffers such as running averages, which no gradient moves.
    private List<Entry> _entries;
    private IReadOnlyList<Tensor> _gradients = [];

    // The ends of the tape of a training pass. Whether a node below is trained shows in the first backward pass.
    private Tensor? _input, _output;
    private bool _inputIsTrained = true;

    public ModuleBlock(ModuleSpec spec, int inputDim)
        : this(spec, inputDim, UserModules.Create(spec, inputDim))
    {
    }

    private ModuleBlock(ModuleSpec spec, int inputDim, FrameModule module)
        : base(UserModules.OutputDimOf(spec, module, inputDim))
    {
        (_spec, _inputDim, _module) = (spec, inputDim, module);
        _entries = EntriesOf(module);
        _parameters = [.. _entries.Select(entry => new ParameterDeclaration(entry.Name, entry.Tensor.shape)
        {
            IsTrained = entry.IsTrained,
            DecayFactor = entry.IsTrained && entry.Tensor.dim() > 1 ? 1 : 0,
        })];
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters => _parameters;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        // The module's own memory is given up for views of the flat buffer. A move makes new tensors.
        _module.to(device.ToTorch()).to(type);
        _entries = EntriesOf(_module);
        using var noTape = torch.no_grad();
        for (var i = 0; i < _entries.Count; i++)
            _entries[i].Tensor.set_(values[i]);
        _gradients = gradients;
    }

    // A second module, made with the random numbers of the node.
    public override IReadOnlyList<float[]> InitialValues(SeededRandom random)
    {
        using var fresh = UserModules.Create(_spec, _inputDim, (long)random.NextBits());
        return [.. EntriesOf(fresh).Select(entry => entry.Tensor.ToArray())];
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        Forget();
        var training = pass.Mode == PassMode.Train;
        if (_module.training != training)
            _module.train(training);

        using var threads = Threads.LendToTorch();
        using var tape = torch.set_grad_enabled(training);
        using var scope = torch.NewDisposeScope();
        var input = inputs[0].detach();
        input.requires_grad = training && _inputIsTrained;
        var result = UserModules.Call(_spec, _module, input, training ? (long)pass.Key : null);
        if (result.dim() != 2 || result.Rows != output.Rows || result.Columns != OutputDim)
        {
            throw UserModules.Problem(
                _spec, $"expected an output of [{output.Rows}, {OutputDim}], got [{string.Join(", ", result.shape)}]");
        }

        output.copy_(result.detach());
        if (training)
            (_input, _output) = (input.DetachFromDisposeScope(), result.DetachFromDisposeScope());
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var (input, result) = (_input!, _output!);
        _inputIsTrained = inputGradients[0] is not null;
        for (var i = 0; i < _entries.Count; i++)
        {
            // Autograd adds to a gradient that is there, and leaves it at 0 where the module has not used the parameter.
            if (_entries[i].IsTrained)
                _entries[i].Tensor.grad = _gradients[i].fill_(Scalars.Of(0));
        }

        inputGradients[0]?.fill_(Scalars.Of(0));
        if (result.requires_grad)
        {
            using var threads = Threads.LendToTorch();
            result.backward([outputGradient]);
            using var gradient = _inputIsTrained ? input.grad : null;
            if (gradient is not null)
                inputGradients[0]!.copy_(gradient);
        }

        Forget();
    }

    public override void Dispose()
    {
        Forget();
        _module.Dispose();
        base.Dispose();
    }

    private static List<Entry> EntriesOf(FrameModule module) =>
    [
        .. module.named_parameters().Select(entry => new Entry(entry.name, entry.parameter, entry.parameter.requires_grad)),
        .. module.named_buffers().Where(entry => entry.buffer.is_floating_point())
            .Select(entry => new Entry(entry.name, entry.buffer, IsTrained: false)),
    ];

    private void Forget()
    {
        _input?.Dispose();
        _output?.Dispose();
        (_input, _output) = (null, null);
    }

    private readonly record struct Entry(string Name, Tensor Tensor, bool IsTrained);
}
