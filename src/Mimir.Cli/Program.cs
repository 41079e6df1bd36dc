using Mimir.Cli;

return CommandLine.Run(args);
