using System.Globalization;
using System.Security.Cryptography;
using Mimir.Base;

namespace Mimir.Dist.Launch;

/// <summary>The environment of a job's workers, in torchrun's variables and three of our own.</summary>
/// <param name="JobId">The name of the job.</param>
/// <param name="Token">The secret that every worker proves to know.</param>
/// <param name="Host">Where rank 0 is met.</param>
/// <param name="Port">The port there.</param>
public sealed record JobEnvironment(string JobId, ReadOnlyMemory<byte> Token, string Host, int Port)
{
    /// <summary>The variable of <see cref="JobId"/>.</summary>
    public const string JobIdVariable = "MIMIR_JOB_ID";

    /// <summary>The variable of <see cref="Token"/>, in hexadecimal digits.</summary>
    public const string TokenVariable = "MIMIR_JOB_TOKEN";

    /// <summary>The variable of <see cref="IsRejoining"/>, 1 or absent.</summary>
    public const string RejoinVariable = "MIMIR_REJOIN";

    /// <summary>True when the worker takes the place of a lost one in a running job.</summary>
    public bool IsRejoining { get; init; }

    /// <summary>Makes the environment of a new job, with a token that nobody can guess.</summary>
    /// <param name="host">The host of rank 0.</param>
    /// <param name="port">The port there.</param>
    public static JobEnvironment Create(string host, int port) =>
        new(Convert.ToHexString(RandomNumberGenerator.GetBytes(8)), RandomNumberGenerator.GetBytes(32), host, port);

    /// <summary>Reads the id, the token, and the mark of a rejoining worker.</summary>
    /// <param name="variables">The environment.</param>
    /// <returns>All three, or null when there is no token.</returns>
    /// <exception cref="InputException">The token is not hexadecimal or shorter than 16 bytes.</exception>
    public static (string JobId, ReadOnlyMemory<byte> Token, bool IsRejoining)? Read(IReadOnlyDictionary<string, string> variables)
    {
        if (!variables.TryGetValue(TokenVariable, out var text) || text.Length == 0)
            return null;

        if (text.Length < 32 || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit))
            throw new InputException($"{TokenVariable}: expected at least 32 hexadecimal digits, as 'openssl rand -hex 32' gives");

        var isRejoining = variables.GetValueOrDefault(RejoinVariable) == "1";
        return (variables.GetValueOrDefault(JobIdVariable, "mimir"), Convert.FromHexString(text), isRejoining);
    }

    /// <summary>The variables of one worker.</summary>
    /// <param name="slot">Its place.</param>
    /// <param name="workers">The number of workers.</param>
    public IReadOnlyDictionary<string, string> Of(WorkerSlot slot, int workers)
    {
        var variables = new Dictionary<string, string>
        {
            ["RANK"] = Number(slot.Rank),
            ["WORLD_SIZE"] = Number(workers),
            ["LOCAL_RANK"] = Number(slot.LocalRank),
            ["LOCAL_WORLD_SIZE"] = Number(slot.LocalSize),
            ["MASTER_ADDR"] = Host,
            ["MASTER_PORT"] = Number(Port),
            [JobIdVariable] = JobId,
            [TokenVariable] = Convert.ToHexString(Token.Span),
        };
        if (IsRejoining)
            variables[RejoinVariable] = "1";

        return variables;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
