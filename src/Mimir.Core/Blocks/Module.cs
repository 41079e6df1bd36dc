using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Runtime;
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
/// <param name="Assembly">The file of the assembly.</param>
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

    // Trained parameters first, then buffers such as running averages, which no gradient moves.
    private readonly List<(string Name, Tensor Tensor, bool IsTrained)> _tensors;
    private IReadOnlyList<Tensor> _gradients = [];
    private Tensor? _input, _output;

    public ModuleBlock(ModuleSpec spec, int inputDim)
        : this(spec, inputDim, UserModules.Create(spec, inputDim))
    {
    }

    private ModuleBlock(ModuleSpec spec, int inputDim, FrameModule module)
        : base(UserModules.OutputDimOf(spec, module, inputDim))
    {
        (_spec, _inputDim, _module) = (spec, inputDim, module);
        _tensors = TensorsOf(module);
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
        [.. _tensors.Select(tensor => new ParameterDeclaration(tensor.Name, tensor.Tensor.shape) { IsTrained = tensor.IsTrained })];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        // The module's own memory is given up for views of the flat buffer; what it was made with are its initial values.
        _module.to(device.ToTorch()).to(type);
        using var noTape = torch.no_grad();
        for (var i = 0; i < _tensors.Count; i++)
            _tensors[i].Tensor.set_(values[i]);
        _gradients = gradients;
    }

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random)
    {
        // A second module, made with the random numbers of the node.
        torch.manual_seed((long)random.NextBits());
        using var fresh = UserModules.Create(_spec, _inputDim);
        return [.. TensorsOf(fresh).Select(tensor => tensor.Tensor.ToArray())];
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        Forget();
        var training = pass.Mode == PassMode.Train;
        _module.train(training);
        if (training)
            torch.manual_seed((long)pass.Key);
        using var tape = torch.set_grad_enabled(training);
        var input = inputs[0].detach().requires_grad_(training);
        var result = _module.call(input);
        using (var plain = result.detach())
            output.copy_(plain);
        (_input, _output) = (input, result);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var (input, result) = (_input!, _output!);
        for (var i = 0; i < _tensors.Count; i++)
        {
            // Autograd adds to a gradient that is there.
            if (_tensors[i].IsTrained)
                _tensors[i].Tensor.grad = _gradients[i].fill_(0);
        }

        result.backward([outputGradient]);
        if (inputGradients[0] is { } dx)
        {
            using var gradient = input.grad;
            if (gradient is null)
                dx.fill_(0);
            else
                dx.copy_(gradient);
        }

        Forget();
    }

    public override void Dispose()
    {
        Forget();
        _module.Dispose();
        base.Dispose();
    }

    private static List<(string Name, Tensor Tensor, bool IsTrained)> TensorsOf(FrameModule module) =>
    [
        .. module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter, entry.parameter.requires_grad)),
        .. module.named_buffers().Where(entry => entry.buffer.is_floating_point())
            .Select(entry => (entry.name, entry.buffer, false)),
    ];

    private void Forget()
    {
        _input?.Dispose();
        _output?.Dispose();
        (_input, _output) = (null, null);
    }
}

/// <summary>Finds and creates the modules of users.</summary>
internal static class UserModules
{
    /// <summary>Creates a module.</summary>
    /// <exception cref="InputException">The assembly, the class or its constructor does not fit.</exception>
    public static FrameModule Create(ModuleSpec spec, int inputDim)
    {
        TorchRuntime.Load();
        var type = Find(spec);
        var constructor = type.GetConstructors() is [var only]
            ? only
            : throw Problem(spec, $"the class has {type.GetConstructors().Length} public constructors, expected one");
        var parameters = constructor.GetParameters();
        if (parameters is not [var first, ..] || (first.ParameterType != typeof(int) && first.ParameterType != typeof(long)))
            throw Problem(spec, "the first parameter of the constructor must be the number of inputs, an int or a long");

        var names = parameters.Skip(1).Select(parameter => KebabCase(parameter.Name ?? "")).ToList();
        if (spec.Options.Keys.FirstOrDefault(key => !names.Contains(key)) is { } unknown)
            throw Problem(spec, $"unknown option '{unknown}'; the class has {string.Join(", ", names)}");

        object?[] arguments = [Convert.ChangeType(inputDim, first.ParameterType, CultureInfo.InvariantCulture), .. parameters.Skip(1)
            .Select((parameter, i) => Argument(spec, parameter, names[i]))];
        try
        {
            return (FrameModule)constructor.Invoke(arguments);
        }
        catch (TargetInvocationException error) when (error.InnerException is { } reason)
        {
            throw Problem(spec, $"the constructor failed: {reason.Message}");
        }
    }

    /// <summary>The number of outputs that a module gives for one frame.</summary>
    public static int OutputDimOf(ModuleSpec spec, FrameModule module, int inputDim)
    {
        using var noTape = torch.no_grad();
        using var frame = torch.zeros(1, inputDim);
        module.eval();
        try
        {
            using var output = module.call(frame);
            return output.shape is [1, var dim] ? (int)dim : throw Problem(
                spec, $"expected [1, outputs] for an input of [1, {inputDim}], got [{string.Join(", ", output.shape)}]");
        }
        catch (Exception error) when (error is not InputException)
        {
            throw Problem(spec, $"a frame of {inputDim} values failed: {error.Message.Split('\n')[0]}");
        }
    }

    private static Type Find(ModuleSpec spec)
    {
        Assembly assembly;
        try
        {
            assembly = System.Reflection.Assembly.LoadFrom(Path.GetFullPath(spec.Assembly));
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            throw Problem(spec, $"the assembly cannot be loaded: {error.Message}");
        }

        var found = assembly.GetExportedTypes()
            .Where(type => type.FullName == spec.ClassName || type.Name == spec.ClassName)
            .Where(type => type.IsAssignableTo(typeof(FrameModule))).ToList();
        return found is [var only] ? only : throw Problem(
            spec, $"{found.Count} public classes of that name are an nn.Module<Tensor, Tensor>, expected one");
    }

    private static object? Argument(ModuleSpec spec, ParameterInfo parameter, string name)
    {
        if (!spec.Options.TryGetValue(name, out var text))
            return parameter.HasDefaultValue ? parameter.DefaultValue : throw Problem(spec, $"the option '{name}' is missing");

        try
        {
            return TypeDescriptor.GetConverter(parameter.ParameterType).ConvertFromInvariantString(text);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NotSupportedException)
        {
            throw Problem(spec, $"option '{name}': expected {parameter.ParameterType.Name}, got '{text}'");
        }
    }

    private static string KebabCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static InputException Problem(ModuleSpec spec, string problem) => new($"module {spec.ClassName} of {spec.Assembly}: {problem}");
}
