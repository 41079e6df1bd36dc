using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Mimir.Base.Logging;
using Mimir.Dist.Transports;
using Mimir.Dist.Transports.Tcp;

namespace Mimir.Dist.Tests.Support;

/// <summary>The workers of a job as threads of this process.</summary>
internal sealed class Job : IDisposable
{
    private Job(IReadOnlyList<ITransport> transports) => Transports = transports;

    public IReadOnlyList<ITransport> Transports { get; }

    public ConcurrentQueue<string> Log { get; private init; } = [];

    public static Job Start(string kind, int workers) => kind switch
    {
        "in process" => new(InProcessTransport.Create(workers, TimeSpan.FromSeconds(20))),
        "tcp" => Tcp(workers),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static Job Tcp(int workers, Func<TcpTransportOptions, TcpTransportOptions>? change = null)
    {
        var log = new ConcurrentQueue<string>();
        var options = Options(workers, log);
        var transports = new ITransport[workers];
        Together(workers, rank =>
        {
            var own = options with { Rank = rank };
            transports[rank] = TcpTransport.Connect(change?.Invoke(own) ?? own);
        });
        return new(transports) { Log = log };
    }

    /// <summary>Options of rank 0 with a listening socket; the others' differ in the rank alone.</summary>
    public static TcpTransportOptions Options(int workers, ConcurrentQueue<string>? log = null)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(64);
        return new()
        {
            Rank = 0,
            WorldSize = workers,
            JobId = "test",
            Token = RandomNumberGenerator.GetBytes(32),
            Port = ((IPEndPoint)listener.LocalEndPoint!).Port,
            Listener = listener,
            Timeout = TimeSpan.FromSeconds(20),
            Logger = new LineLogger(line => log?.Enqueue(line)),
        };
    }

    /// <summary>Runs something on every worker at once; the first error is thrown.</summary>
    public static void Together(int workers, Action<int> work)
    {
        var errors = new Exception?[workers];
        var threads = Enumerable.Range(0, workers).Select(rank => new Thread(() => errors[rank] = Record.Exception(() => work(rank))))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var failed = errors.OfType<Exception>().ToList();
        if (failed.Count > 0)
            throw new AggregateException(failed);
    }

    public void Together(Action<ITransport> work) => Together(Transports.Count, rank => work(Transports[rank]));

    public void Dispose()
    {
        foreach (var transport in Transports)
            transport.Dispose();
    }
}
