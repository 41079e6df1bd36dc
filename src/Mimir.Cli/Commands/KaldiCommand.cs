using System.CommandLine;
using Mimir.Base;
using Mimir.Cli.Terminal;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir kaldi TOOL …</c>: runs Kaldi's programs by their own names, with their own command lines.</summary>
internal static class KaldiCommand
{
    internal const string Name = "kaldi";
    private const string AllowPipes = "--allow-pipes";
    private const string Links = "--links";

    /// <summary>Describes the command for <c>mimir --help</c>; <see cref="Run"/> does the work.</summary>
    internal static Command Create() =>
        new(Name, "Run one of Kaldi's programs with Kaldi's own command line; 'mimir kaldi' lists them.");

    /// <summary>Runs a program.</summary>
    /// <param name="args">The program's name and its arguments; <c>--allow-pipes</c> before the name lets it run commands.</param>
    /// <returns>The program's exit code, which is Kaldi's.</returns>
    internal static int Run(string[] args)
    {
        var pipes = args is [AllowPipes, ..];
        if (pipes)
            args = args[1..];

        if (args is [Links, var folder])
            return WriteLinks(folder, pipes);

        if (args is [] or ["--help" or "-h" or "help", ..])
            return List();

        if (args[0].StartsWith('-'))
        {
            throw new InputException(args[0] == Links
                ? $"{Links}: expected the folder to write and nothing else"
                : $"there is no option '{args[0]}' before a program; known are {AllowPipes} and {Links}");
        }

        return KaldiToolbox.Find(args[0]).Run(args[1..], Console.Error, new KaldiIoOptions { AllowPipes = pipes });
    }

    private static int WriteLinks(string folder, bool pipes)
    {
        var tools = KaldiToolbox.Tools;
        ProgramLinks.Write(folder, tools.Select(tool => tool.Name), pipes ? $"{AllowPipes} " : "");
        Console.WriteLine($"{tools.Count} programs in {folder}: export PATH={Path.GetFullPath(folder)}:$PATH");
        return ExitCodes.Success;
    }

    private static int List()
    {
        Console.WriteLine($"Usage: mimir kaldi [{AllowPipes}] PROGRAM [options] …\n       mimir kaldi [{AllowPipes}] {Links} FOLDER\n");
        foreach (var tool in KaldiToolbox.Tools)
            Console.WriteLine($"  {tool.Name,-28} {tool.Summary}");

        Console.WriteLine("""

            'mimir kaldi PROGRAM --help' tells a program's options. Names that are commands ('cmd |') run only with --allow-pipes.
            --links writes a script of each program's name into FOLDER, to stand before Kaldi's own folders in PATH.

            Examples:
              mimir kaldi compute-fbank-feats --num-mel-bins=40 scp:wav.scp ark,scp:fbank.ark,fbank.scp
              mimir kaldi compute-mfcc-feats --config=mfcc.conf scp:wav.scp ark,t:-
              mimir kaldi --allow-pipes --links mimir-bin && PATH=$PWD/mimir-bin:$PATH steps/nnet/train.sh …
            """);
        return ExitCodes.Success;
    }
}
