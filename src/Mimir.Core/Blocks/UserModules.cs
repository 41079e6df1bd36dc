using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Core.Native;
using Mimir.Core.Runtime;
using TorchSharp;
using FrameModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Mimir.Core.Blocks;

/// <summary>Finds, creates and calls the modules of users. A problem is an <see cref="InputException"/> that names the module.</summary>
internal static class UserModules
{
    // libtorch has one generator of random numbers for all threads; emulated workers share the process.
    private static readonly Lock Chance = new();

    /// <summary>Creates a module.</summary>
    /// <param name="spec">The class and its options.</param>
    /// <param name="inputDim">The number of inputs.</param>
    /// <param name="seed">The seed of the initial values; null where they do not matter.</param>
    /// <exception cref="InputException">The assembly, the class or its constructor does not fit.</exception>
    public static FrameModule Create(ModuleSpec spec, int inputDim, long? seed = null)
    {
        TorchRuntime.Load();
        var constructor = Find(spec).GetConstructors() is [var only]
            ? only
            : throw Problem(spec, "the class must have exactly one public constructor");
        var parameters = constructor.GetParameters();
        if (parameters is not [var first, ..] || (first.ParameterType != typeof(int) && first.ParameterType != typeof(long)))
            throw Problem(spec, "the first parameter of the constructor must be the number of inputs, an int or a long");

        var names = parameters.Skip(1).Select(parameter => KebabCase(parameter.Name ?? "")).ToList();
        if (spec.Options.Keys.FirstOrDefault(key => !names.Contains(key)) is { } unknown)
            throw Problem(spec, $"unknown option '{unknown}'; {Hint(unknown, names, "options")}");

        object?[] arguments = [Convert.ChangeType(inputDim, first.ParameterType, CultureInfo.InvariantCulture), .. parameters.Skip(1)
            .Select((parameter, i) => Argument(spec, parameter, names[i]))];
        return Guard(spec, "the constructor failed", () => (FrameModule)Seeded(seed ?? 0, () => constructor.Invoke(arguments)));
    }

    /// <summary>Calls a module.</summary>
    /// <param name="spec">The module, for messages.</param>
    /// <param name="module">The module.</param>
    /// <param name="input">Frames, <c>[N, inputs]</c>.</param>
    /// <param name="seed">The seed of dropout and the like; null in evaluation.</param>
    /// <exception cref="InputException">The module has failed.</exception>
    public static Tensor Call(ModuleSpec spec, FrameModule module, Tensor input, long? seed) => Guard(
        spec, "the module failed", () => seed is { } key ? Seeded(key, () => module.call(input)) : module.call(input));

    /// <summary>The number of outputs that a module gives for one frame.</summary>
    /// <exception cref="InputException">The module fails, or does not return one row.</exception>
    public static int OutputDimOf(ModuleSpec spec, FrameModule module, int inputDim)
    {
        using var noTape = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        module.eval();
        var output = Call(spec, module, torch.zeros(1, inputDim), seed: null);
        return output.shape is [1, var dim]
            ? (int)dim
            : throw Problem(spec, $"expected [1, outputs] for an input of [1, {inputDim}], got [{string.Join(", ", output.shape)}]");
    }

    /// <summary>An exception with the name of the module.</summary>
    /// <param name="spec">The module.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="cause">The exception behind it.</param>
    public static InputException Problem(ModuleSpec spec, string problem, Exception? cause = null)
    {
        var message = $"module {spec.ClassName} of {spec.Assembly}: {problem}";
        return cause is null ? new(message) : new(message, cause);
    }

    private static Type Find(ModuleSpec spec)
    {
        var beside = Path.GetFileName(spec.Assembly);
        var file = File.Exists(spec.Assembly) || !File.Exists(beside) ? spec.Assembly : beside;
        if (!File.Exists(file))
            throw Problem(spec, $"there is no such file, and no {beside} in the current folder");

        List<Type> modules;
        try
        {
            // LoadFrom also finds what the assembly needs in its own folder; TorchSharp is the one that is loaded already.
            modules = [.. System.Reflection.Assembly.LoadFrom(Path.GetFullPath(file)).GetExportedTypes()
                .Where(type => type is { IsAbstract: false, ContainsGenericParameters: false })
                .Where(type => type.IsAssignableTo(typeof(FrameModule)))];
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or TypeLoadException)
        {
            throw Problem(spec, $"the assembly cannot be loaded: {error.Message}", error);
        }

        var found = modules.FindAll(type => type.FullName == spec.ClassName || type.Name == spec.ClassName);
        var names = modules.ConvertAll(type => found.Count > 1 ? type.FullName ?? type.Name : type.Name);
        return found is [var only] ? only : throw Problem(
            spec, $"{found.Count} public classes of that name are an nn.Module<Tensor, Tensor>; {Hint(spec.ClassName, names, "classes")}");
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
            throw Problem(spec, $"option '{name}': expected {Described(parameter.ParameterType)}, got '{text}'", error);
        }
    }

    private static string Described(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var number when number == typeof(int) || number == typeof(long) => "a whole number",
        var number when number == typeof(float) || number == typeof(double) => "a number",
        var truth when truth == typeof(bool) => "true or false",
        { IsEnum: true } choice => $"one of {string.Join(", ", Enum.GetNames(choice))}",
        var other => $"a {other.Name}",
    };

    private static T Seeded<T>(long seed, Func<T> body)
    {
        lock (Chance)
        {
            TorchRuntime.THSTorch_manual_seed(seed);
            return body();
        }
    }

    private static T Guard<T>(ModuleSpec spec, string problem, Func<T> body)
    {
        try
        {
            return body();
        }
        catch (Exception error)
        {
            var reason = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            if (reason is ExternalException && DeviceException.Describes(reason.Message))
                throw new DeviceException(spec.ClassName, reason.Message);
            throw Problem(spec, $"{problem}: {reason.Message.Split('\n')[0]}", reason);
        }
    }

    private static string Hint(string unknown, List<string> known, string what) => known.Count == 0
        ? $"it has no {what}"
        : $"the nearest of its {what} is '{known.MinBy(name => Spelling.Distance(unknown, name))}' of {string.Join(", ", known)}";

    private static string KebabCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
