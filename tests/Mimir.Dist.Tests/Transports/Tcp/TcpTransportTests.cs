using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Mimir.Base;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;
using Mimir.Dist.Transports.Tcp;

namespace Mimir.Dist.Tests.Transports.Tcp;

public sealed class TcpTransportTests
{
    private static readonly Tag Tag = new(7);

    [Fact]
    public void A_message_of_any_length_arrives_whole_and_in_order()
    {
        using var job = Job.Tcp(2);
        int[] lengths = [0, 1, 4095, 4096, 4097, 65_536, 1_000_003];

        Job.Together(2, rank =>
        {
            foreach (var length in lengths)
            {
                if (rank == 0)
                    job.Transports[0].Send(1, Tag, Bytes(length));
                else
                    Assert.Equal(Bytes(length), job.Transports[1].ReceiveMessage(0, Tag, 1 << 20));
            }
        });
    }

    [Fact]
    public void TakeAny_takes_from_whoever_was_first_and_from_itself()
    {
        using var job = Job.Tcp(3);
        job.Transports[2].Send(0, Tag, [2]);
        using var first = job.Transports[0].TakeAny(Tag, TimeSpan.FromSeconds(10));
        job.Transports[0].Send(0, Tag, [0]);
        using var second = job.Transports[0].TakeAny(Tag, TimeSpan.FromSeconds(10));

        Assert.Equal((2, 2), (first!.Peer, first.Bytes[0]));
        Assert.Equal((0, 0), (second!.Peer, second.Bytes[0]));
        Assert.Null(job.Transports[0].TakeAny(Tag, TimeSpan.Zero));
    }

    [Fact]
    public void A_worker_that_left_is_named_after_its_last_message()
    {
        using var job = Job.Tcp(2);
        job.Transports[0].Send(1, Tag, [5]);
        job.Transports[0].Dispose();

        Assert.Equal([5], job.Transports[1].ReceiveMessage(0, Tag, 10));
        var error = Assert.Throws<PeerLostException>(() => job.Transports[1].ReceiveMessage(0, Tag, 10));
        Assert.Equal((0, "it left"), (error.Peer, error.Reason));
    }

    [Fact]
    public void A_lost_worker_returns_and_is_heard_again_when_it_is_readmitted()
    {
        var options = Job.Options(3);
        var transports = new TcpTransport[3];
        Job.Together(3, rank => transports[rank] = TcpTransport.Connect(options with { Rank = rank }));
        transports[1].Dispose();
        Assert.Throws<PeerLostException>(() => transports[0].ReceiveMessage(1, Tag, 1));
        Assert.Throws<PeerLostException>(() => transports[2].ReceiveMessage(1, Tag, 1));

        using var returned = TcpTransport.Connect(options with { Rank = 1, IsRejoining = true });
        returned.Send(2, Tag, [9]);

        Assert.True(SpinWait.SpinUntil(() => transports[0].Rejoining is [1], TimeSpan.FromSeconds(10)));
        Assert.NotNull(transports[0].LossOf(1));
        Assert.True(transports[0].Readmit(1));
        Assert.True(transports[2].Readmit(1));
        Assert.False(transports[2].Readmit(1));
        Assert.Equal([9], transports[2].ReceiveMessage(1, Tag, 1));
        transports[0].Send(1, Tag, [8]);
        Assert.Equal([8], returned.ReceiveMessage(0, Tag, 1));
        transports[0].Dispose();
        transports[2].Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_worker_that_died_before_all_have_met_is_replaced(bool hasCalled)
    {
        var options = Job.Options(3);
        var transports = new TcpTransport[3];
        Job.Together(3, rank =>
        {
            if (rank == 2 && hasCalled)
            {
                using var predecessor = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                predecessor.Connect(IPAddress.Loopback, options.Port);
                Handshake.Call(predecessor, Hello.Of(options with { Rank = 2 }, 1), 0, options);
            }

            transports[rank] = TcpTransport.Connect(options with { Rank = rank, IsRejoining = rank == 2 });
        });

        // Lost when it had called rank 0, otherwise only late.
        transports[0].Readmit(2);
        transports[1].Readmit(2);
        Assert.All(transports, transport => Assert.Null(transport.LossOf(2)));
        transports[2].Send(1, Tag, [5]);
        transports[1].Send(2, Tag, [6]);
        Assert.Equal([5], transports[1].ReceiveMessage(2, Tag, 1));
        Assert.Equal([6], transports[2].ReceiveMessage(1, Tag, 1));
        Assert.All(transports, transport => transport.Dispose());
    }

    [Fact]
    public void Connect_names_the_workers_that_did_not_come()
    {
        var options = Job.Options(3) with { Timeout = TimeSpan.FromMilliseconds(300) };

        var error = Assert.Throws<TimeoutException>(() => TcpTransport.Connect(options));

        Assert.Contains("worker 1, worker 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_says_when_another_program_answers()
    {
        var options = Job.Options(2);
        var stranger = new Thread(() =>
        {
            using var socket = options.Listener!.Accept();
            socket.Send(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
            Thread.Sleep(200);
        });
        stranger.Start();

        var error = Assert.Throws<IOException>(() => TcpTransport.Connect(options with { Rank = 1 }));

        Assert.Contains("does not speak this protocol", error.Message, StringComparison.Ordinal);
        stranger.Join();
    }

    [Fact]
    public void Messages_that_nobody_asks_for_hold_up_the_sender_not_the_others()
    {
        using var job = Job.Tcp(2, options => options with { WaitingBytes = 1 << 20, Timeout = TimeSpan.FromSeconds(2) });

        // Far more than the buffers of the system take, while the receiver is busy with something else.
        var error = Assert.Throws<TimeoutException>(() =>
        {
            for (var i = 0; i < 200; i++)
                job.Transports[0].Send(1, Tag, new byte[1 << 20]);
        });

        Assert.Contains("worker 1 took nothing", error.Message, StringComparison.Ordinal);
        Assert.Equal(1 << 20, job.Transports[1].ReceiveMessage(0, Tag, 1 << 20).Length);
    }

    [Fact]
    public void A_worker_that_gives_no_sign_of_life_is_named()
    {
        using var job = Job.Tcp(2, options => options with
        {
            HeartbeatInterval = options.Rank == 0 ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromHours(1),
            Silence = TimeSpan.FromMilliseconds(400),
        });

        var error = Assert.Throws<PeerLostException>(() => job.Transports[0].ReceiveMessage(1, Tag, 1));

        Assert.Contains("no sign of life", error.Reason, StringComparison.Ordinal);
        Assert.True(
            SpinWait.SpinUntil(
                () => job.Log.Any(line => line.Contains("worker 1 is lost", StringComparison.Ordinal)), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Strangers_are_refused_with_a_line_each_and_disturb_nobody()
    {
        var log = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var options = Job.Options(2, log) with { HandshakeTimeout = TimeSpan.FromMilliseconds(400) };
        var place = new IPEndPoint(IPAddress.Loopback, options.Port);
        TcpTransport[] transports = new TcpTransport[2];
        Job.Together(2, rank => transports[rank] = TcpTransport.Connect(options with { Rank = rank }));

        // Random bytes, another version, a silent one, one that drips, and one that knows all but the token.
        Say(place, RandomNumberGenerator.GetBytes(200));
        Say(place, [.. "MIMIRNET"u8, 99, 0, 0, 0]);
        Say(place, []);
        var drip = new Thread(() => Drip(place));
        drip.Start();
        var wrong = options with { Rank = 1, Token = new byte[32], IsRejoining = true, Timeout = TimeSpan.FromSeconds(1) };
        Assert.Contains("token", Assert.Throws<IOException>(() => TcpTransport.Connect(wrong)).Message, StringComparison.Ordinal);
        var other = options with { Rank = 1, JobId = "other", Timeout = TimeSpan.FromSeconds(1) };
        Assert.Throws<IOException>(() => TcpTransport.Connect(other));
        BlindCaller(place, options);
        drip.Join();

        transports[0].Send(1, Tag, [1]);
        Assert.Equal([1], transports[1].ReceiveMessage(0, Tag, 1));
        string[] reasons = ["does not speak", "version 99", "in time", "hung up", "another job", "does not know the job's token"];
        Assert.All(reasons, reason => Assert.Contains(log, line => line.Contains(reason, StringComparison.Ordinal)));
        Assert.All(log, line => Assert.StartsWith("worker 0: refused 127.0.0.1:", line, StringComparison.Ordinal));
        Assert.InRange(log.Count, 7, 9);
        transports[0].Dispose();
        transports[1].Dispose();
    }

    [Fact]
    public void Workers_meet_in_a_flood_of_connections_that_prove_nothing()
    {
        var log = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var options = Job.Options(2, log);
        var place = new IPEndPoint(IPAddress.Loopback, options.Port);
        using var over = new ManualResetEventSlim();
        using var full = new ManualResetEventSlim();
        var flood = new Thread(() => Flood(place, over, full));
        TcpTransport[] transports = new TcpTransport[2];
        Job.Together(2, rank =>
        {
            if (rank == 1)
            {
                flood.Start();
                full.Wait();
            }

            transports[rank] = TcpTransport.Connect(options with { Rank = rank });
        });
        over.Set();
        flood.Join();

        transports[0].Send(1, Tag, [1]);
        Assert.Equal([1], transports[1].ReceiveMessage(0, Tag, 1));
        Assert.InRange(log.Count, 1, 200);
        transports[0].Dispose();
        transports[1].Dispose();
    }

    [Fact]
    public void Workers_of_different_numbers_end_at_once_with_both_numbers()
    {
        var options = Job.Options(2);
        var errors = new Exception?[2];

        Job.Together(2, rank => errors[rank] = Record.Exception(
            () => TcpTransport.Connect(options with { Rank = rank, WorldSize = 2 + rank, Timeout = TimeSpan.FromMinutes(10) })));

        Assert.Contains(
            "worker 1 was started as one of 3 workers, worker 0 as one of 2", Assert.IsType<InputException>(errors[0]).Message,
            StringComparison.Ordinal);
        Assert.Contains("another number of workers than 3", errors[1]?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_oversized_frame_ends_the_connection_before_memory_is_taken()
    {
        using var job = Job.Tcp(2, options => options with { MaximumMessage = options.Rank == 0 ? 1000 : 1 << 20 });
        job.Transports[1].Send(0, Tag, new byte[1001]);

        var error = Assert.Throws<PeerLostException>(() => job.Transports[0].ReceiveMessage(1, Tag, 1 << 20));

        Assert.Contains("1001 bytes, 1000 are allowed", error.Reason, StringComparison.Ordinal);
        Assert.Contains(job.Log, line => line.Contains("1001 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_that_is_taken_is_not_given_to_a_second_worker()
    {
        var options = Job.Options(2);
        TcpTransport[] transports = new TcpTransport[2];
        Job.Together(2, rank => transports[rank] = TcpTransport.Connect(options with { Rank = rank }));

        var second = options with { Rank = 1, IsRejoining = true, Timeout = TimeSpan.FromMilliseconds(500) };
        Assert.ThrowsAny<Exception>(() => TcpTransport.Connect(second));

        transports[0].Send(1, Tag, [1]);
        Assert.Equal([1], transports[1].ReceiveMessage(0, Tag, 1));
        transports[0].Dispose();
        transports[1].Dispose();
    }

    // More silent connections than are let in, and more and more of them.
    private static void Flood(IPEndPoint place, ManualResetEventSlim over, ManualResetEventSlim full)
    {
        var sockets = new List<Socket>();
        for (var number = 0; !over.IsSet; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            Record.Exception(() => socket.Connect(place));
            if (number == 300)
                full.Set();
            if (number > 300)
            {
                sockets[number - 300].Dispose();
                Thread.Sleep(1);
            }
        }

        sockets.ForEach(socket => socket.Dispose());
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31))];

    private static void Say(IPEndPoint place, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(place);
        socket.Send(bytes);
        socket.ReceiveTimeout = 5000;

        // The other side hangs up: the end, or a reset when it left bytes unread.
        var error = Record.Exception(() => Assert.Equal(0, socket.Receive(new byte[1000])));
        Assert.True(error is null or SocketException { SocketErrorCode: SocketError.ConnectionReset });
    }

    private static void Drip(IPEndPoint place)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(place);
        Record.Exception(() =>
        {
            foreach (var letter in "MIMIRNET"u8.ToArray())
            {
                socket.Send([letter]);
                Thread.Sleep(100);
            }
        });
    }

    // Plays the handshake through to the proof without knowing the token.
    private static void BlindCaller(IPEndPoint place, TcpTransportOptions options)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(place);
        socket.Send(Hello.Of(options with { Rank = 1 }, 1).Write());
        socket.ReceiveTimeout = 5000;
        var answer = new byte[Hello.Bytes + Hello.HashBytes];
        for (var got = 0; got < answer.Length;)
            got += socket.Receive(answer, got, answer.Length - got, SocketFlags.None);

        // Not even the answerer's own proof, sent back, is taken.
        socket.Send(answer, Hello.Bytes, Hello.HashBytes, SocketFlags.None);
        Assert.Equal(0, socket.Receive(answer));
    }
}
