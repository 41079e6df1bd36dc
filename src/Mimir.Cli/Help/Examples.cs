using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mimir.Cli.Help;

/// <summary>Adds a list of examples to the end of a command's <c>--help</c>.</summary>
internal static class Examples
{
    /// <summary>Shows <paramref name="examples"/> below the help of <paramref name="command"/>.</summary>
    /// <param name="command">The command.</param>
    /// <param name="examples">Command lines that can be copied as they are.</param>
    /// <returns>The same command.</returns>
    internal static Command WithExamples(this Command command, params string[] examples)
    {
        var option = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (option is null)
            command.Options.Add(option = new HelpOption());

        option.Action = new Action((HelpAction)option.Action!, examples);
        return command;
    }

    /// <summary>The examples of a command.</summary>
    internal static IReadOnlyList<string> Of(Command command) =>
        command.Options.OfType<HelpOption>().FirstOrDefault()?.Action is Action own ? own.Lines : [];

    private sealed class Action(HelpAction standard, string[] examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        internal IReadOnlyList<string> Lines => examples;

        public override int Invoke(ParseResult parseResult)
        {
            var status = standard.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {example}");

            output.WriteLine();
            return status;
        }
    }
}
