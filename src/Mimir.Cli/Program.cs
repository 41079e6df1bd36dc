using Mimir.Cli;

return StartLimits.Allow() ? CommandLine.Run(args) : 1;
