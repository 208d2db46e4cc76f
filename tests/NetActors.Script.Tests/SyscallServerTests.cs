using System.Buffers.Binary;
using System.Net.Sockets;
using NetActors.Script.Serving;
using NetActors.Sockets;

namespace NetActors.Script.Tests;

/// <summary>The syscall protocol, version 1, as a program outside speaks it: heads, payloads and rules written down here once more.</summary>
public sealed class SyscallServerTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"netactors-{Guid.NewGuid():N}.sock");
    private readonly SyscallServer _server;
    private readonly Thread _serving;
    private readonly Socket _client;
    private uint _id;

    public SyscallServerTests()
    {
        _server = new SyscallServer(_path);
        _serving = new Thread(() => _server.Run());
        _serving.Start();
        _client = Connect();
    }

    public void Dispose()
    {
        _client.Dispose();
        _serving.Join();
        _server.Dispose();
    }

    [Fact]
    public void Passive_handshake_data_and_commands_go_through_the_socket()
    {
        Hello(_client, role: 0);
        using var commands = Connect();
        Hello(commands, role: 1);
        var sysctl = Ask(commands, 3, I32(3), Text("sysctl"), Text("-q"), Text("net.ipv4.tcp_timestamps=0"));
        Assert.Equal(0, sysctl.Result);
        Assert.NotEqual(0, Ask(commands, 3, I32(2), Text("sysctl"), Text("net.ipv4.no_such_name=1")).Result);

        var listener = (int)Ask(_client, 48, I32(2), I32(1), I32(6)).Result;
        Assert.Equal(0, Ask(_client, 49, I32(listener), Bytes(Address("0.0.0.0", 8080))).Result);
        Assert.Equal(0, Ask(_client, 50, I32(listener), I32(5)).Result);
        Assert.Equal((-1, (int)Errno.EBADF), Ask(_client, 50, I32(99), I32(5)) is var bad ? ((int)bad.Result, bad.Error) : default);
        Assert.Equal((-1, (int)Errno.EDEADLK), Ask(_client, 51, I32(listener), I32(16), I32(0)) is var dead ? ((int)dead.Result, dead.Error) : default);

        var accept = Send(_client, 51, 2, I32(listener), I32(16), I32(0)); // on the second thread: sleeps
        Ask(_client, 32, Bytes(Segment(0, 0, 0x02)));
        var synAck = Receive(1000);
        Assert.Equal(0x12, synAck[33]);
        var isn = BinaryPrimitives.ReadUInt32BigEndian(synAck.AsSpan(24));
        Ask(_client, 16, I64(50_000));
        var inject = Send(_client, 32, 0, Bytes(Segment(1, isn + 1, 0x10)));
        var accepted = Read(_client);
        Assert.Equal((accept, (ushort)51, 3), (accepted.Id, accepted.Op, accepted.Flags)); // before the answer of what completed it
        Assert.Equal(16u, BinaryPrimitives.ReadUInt32LittleEndian(accepted.Payload));
        Assert.Equal(inject, Read(_client).Id);

        var fd = (int)accepted.Result;
        var sent = Ask(_client, 54, I32(fd), I32(2), I32(0), Bytes([]), Bytes([]), I32(1), I32(5), I32(1), "hello"u8.ToArray());
        Assert.Equal(5, sent.Result);
        Assert.Equal("hello"u8.ToArray(), Receive(1000)[^5..]);
        Assert.Equal((0L, 0), Ask(_client, 33, I64(1000)) is var none ? (none.Result, none.Flags & 4) : default); // its retransmission is pending
        Ask(_client, 57, I32(fd));
        Ask(_client, 2);
        _client.Shutdown(SocketShutdown.Both);
        _serving.Join();
        Assert.True(_server.EndedWell);
        Assert.Null(_server.Fault);
    }

    [Fact]
    public void Clock_moves_only_when_it_is_told_to()
    {
        Hello(_client, role: 0);
        var begin = Ask(_client, 17).Time;
        Assert.Equal(begin, Ask(_client, 17).Time);
        Assert.Equal(begin + 1234, Ask(_client, 16, I64(1234)).Time);
        Assert.Equal(4, Ask(_client, 33, I64(10)).Flags & 4); // nothing is pending
    }

    [Fact]
    public void Script_whose_connection_just_ends_has_failed()
    {
        Hello(_client, role: 0);
        _client.Dispose();
        _serving.Join();
        Assert.False(_server.EndedWell);
    }

    [Fact]
    public void Names_select_errors_and_packets_come_through()
    {
        const int Bind = 49, Connect = 52, Recv = 53, Send = 54, SetSockOpt = 60, GetSockName = 67, GetPeerName = 68, Select = 69;
        byte[] here = [2, 0, 0x13, 0x88, 127, 0, 0, 1, .. new byte[8]];
        Hello(_client, role: 0);
        Assert.Equal(3, Ask(_client, 48, I32(2), I32(2), I32(0)).Result); // a datagram socket
        Assert.Equal(4, Ask(_client, 48, I32(17), I32(2), I32(0x0300)).Result); // and one that sees its packets
        Assert.Equal(0, Ask(_client, Bind, I32(3), Bytes(here)).Result);
        Assert.Equal([16, 0, 0, 0, 16, 0, 0, 0, .. here], Ask(_client, GetSockName, I32(3), I32(128)).Payload);
        Assert.Equal(107, Ask(_client, GetPeerName, I32(3), I32(128)).Error); // ENOTCONN
        byte[] both = [0b0001_1000, .. new byte[7]];
        Assert.Equal(0, Ask(_client, Select, I32(5), Bytes(both), Bytes([]), Bytes([]), BitConverter.GetBytes(0L)).Result);

        Assert.Equal(0, Ask(_client, SetSockOpt, I32(3), I32(0), I32(11), I32(4), I32(1), Bytes([1, 0, 0, 0])).Result); // IP_RECVERR
        Assert.Equal(0, Ask(_client, Connect, I32(3), Bytes([2, 0, 0x17, 0x6F, 127, 0, 0, 1, .. new byte[8]])).Result);
        Assert.Equal(2, Ask(_client, Send, I32(3), I32(2), I32(0), Bytes([]), Bytes([]), I32(1), I32(2), I32(1), [104, 105]).Result);
        var ready = Ask(_client, Select, I32(5), Bytes(both), Bytes([]), Bytes([]), BitConverter.GetBytes(-1L));
        Assert.Equal(2, ready.Result); // an error can be read, and packets
        Assert.Equal([8, 0, 0, 0, .. both, .. new byte[16]], ready.Payload);

        var error = Ask(_client, Recv, I32(3), I32(4), I32(0x2000), I32(1), I32(10), I32(1), I32(128), I32(256)); // MSG_ERRQUEUE
        Assert.Equal((2L, 0), (error.Result, error.Error));
        Assert.Equal([111, 0, 0, 0, 2, 3, 3, 0], error.Payload[^32..^24]); // ECONNREFUSED by ICMP, port unreachable
        var packet = Ask(_client, Recv, I32(4), I32(4), I32(0), I32(1), I32(100), I32(1), I32(128), I32(0));
        Assert.Equal(30, packet.Result);
        Assert.Equal([17, 0, 8, 0, 1, 0, 0, 0], packet.Payload[(4 + 30 + 8)..(4 + 30 + 16)]); // sockaddr_ll: IPv4 on lo
    }

    [Theory]
    [InlineData(999)]
    [InlineData(53)]
    public void Unknown_operation_and_short_payload_are_answered_with_an_error(ushort op)
    {
        Hello(_client, role: 0);
        Assert.Equal(-1, Ask(_client, op, I32(1)).Result);
        Assert.Equal(0, Ask(_client, 17).Result);
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_path));
        return socket;
    }

    private void Hello(Socket socket, int role)
    {
        var answer = Ask(socket, 1, I32(1), I32(1), I32(role), Text("local=192.168.0.1/16,gateway=192.168.0.2,remote=192.0.2.1,sock=x"));
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0], answer.Payload);
    }

    private Message Ask(Socket socket, ushort op, params byte[][] payload)
    {
        var id = Send(socket, op, 0, payload);
        var answer = Read(socket);
        Assert.Equal((id, op, 1), (answer.Id, answer.Op, answer.Flags & 3));
        return answer;
    }

    private uint Send(Socket socket, ushort op, ushort flags, params byte[][] payload)
    {
        byte[] body = [.. payload.SelectMany(p => p)];
        socket.Send([.. I32(body.Length), .. BitConverter.GetBytes(op), .. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(++_id), .. new byte[20], .. body]);
        return _id;
    }

    private static Message Read(Socket socket)
    {
        var head = Fill(socket, 32);
        var payload = Fill(socket, BitConverter.ToInt32(head));
        return new Message(
            BitConverter.ToUInt16(head, 4), BitConverter.ToUInt16(head, 6), BitConverter.ToUInt32(head, 8), BitConverter.ToInt32(head, 12),
            BitConverter.ToInt64(head, 16), BitConverter.ToInt64(head, 24), payload);
    }

    private byte[] Receive(long microseconds)
    {
        var answer = Ask(_client, 33, I64(microseconds));
        Assert.Equal(1, answer.Result);
        return answer.Payload[12..];
    }

    private static byte[] Fill(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var read = socket.Receive(bytes.AsSpan(at));
            Assert.True(read > 0, "the server closed the connection");
            at += read;
        }

        return bytes;
    }

    /// <summary>A bare segment from 192.0.2.1:40000 to 192.168.0.1:8080 with good checksums.</summary>
    private static byte[] Segment(uint seq, uint ack, byte flags)
    {
        var bytes = new byte[40];
        (bytes[0], bytes[3], bytes[8], bytes[9]) = (0x45, 40, 64, 6);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), 0xC0000201);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), 0xC0A80001);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), Sum(bytes.AsSpan(0, 20), 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(20), 40_000);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(22), 8080);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(24), seq);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(28), ack);
        (bytes[32], bytes[33]) = (0x50, flags);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(34), 20_000);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(36), Sum(bytes.AsSpan(20), 0xC000 + 0x0201 + 0xC0A8 + 0x0001 + 6 + 20));
        return bytes;
    }

    private static ushort Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (var i = 0; i < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private static byte[] Address(string address, ushort port) => ScriptAddress.Parse(address).ToSockaddr(port);

    private static byte[] I32(int value) => BitConverter.GetBytes(value);

    private static byte[] I64(long value) => BitConverter.GetBytes(value);

    private static byte[] Bytes(byte[] value) => [.. I32(value.Length), .. value];

    private static byte[] Text(string value) => Bytes(System.Text.Encoding.UTF8.GetBytes(value));

    private sealed record Message(ushort Op, ushort Flags, uint Id, int Error, long Result, long Time, byte[] Payload);
}
