namespace Mimir.Cli.Doctor;

/// <summary>One thing that Mimir looked for on this machine.</summary>
/// <param name="Name">What was looked for.</param>
/// <param name="Found">Whether it is there.</param>
/// <param name="Detail">Its version and place, or how to get it.</param>
/// <param name="Gives">What it is good for, that is, what is missing without it.</param>
/// <param name="Required">Whether <c>mimir train</c> cannot run without it.</param>
internal sealed record Finding(string Name, bool Found, string Detail, string Gives, bool Required = false);
